import { type Fault, fault, type Json } from '@soma/schemas/event';
import { PackagedPlan, type TaskTemplate } from '@soma/schemas/plan';
import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { z } from 'zod';
import type { ToolDescription } from '../port/index.ts';
import { checkExpression } from './expression.ts';
import { otherwiseFaults } from './otherwise.ts';
import { isOverloaded, keysTwice, lineOf, type Place, shapeIn } from './plan-text.ts';
import { MOST_SLOTS, templateOf } from './template.ts';

export type Loaded =
  | { readonly ok: true; readonly plan: PackagedPlan }
  /** `faults` is everything that was found, in the order of the lines; each names its 1-based `line` in its data. `fault` is the first. */
  | { readonly ok: false; readonly fault: Fault; readonly faults: readonly Fault[] };

/** Largest plan file, in UTF-16 units: several times the longest there is, and read in a moment whatever it holds. */
const SIZE_LIMIT = 65_536;
/** Most faults of one file that are told. */
const FAULT_LIMIT = 100;

/** Most of what is wrong with the form that is looked at to find the faults that are told. */
const ISSUE_LIMIT = 1000;

/** The agents that a plan may name. */
export interface KnownAgents {
  /** All that the agent's tasks may use; null where there is no such agent. */
  readonly toolsOf: (name: string) => readonly string[] | null;
  readonly names: () => readonly string[];
}

/** Something that is wrong, and where. */
interface Wrong {
  readonly fault: Fault;
  readonly place: Place;
}

/**
 * Reads a plan file (YAML 1.2). Faults say where: the shape, a task that needs one that is missing or that comes round to itself, a tool
 * that is unknown (TOOL_UNKNOWN) or that may do more than the plan's rights say, an agent that is unknown (AGENT_UNKNOWN) or may not use its
 * task's tool (AGENT_TOOL_DENIED; with null agents are not looked at), an expression that cannot be read; all else is PLAN_INVALID.
 */
export function loadPlan(
  source: string,
  tools: ReadonlyMap<string, ToolDescription>,
  agents: KnownAgents | null = null,
): Loaded {
  if (source.length > SIZE_LIMIT)
    return refused([{ fault: invalid('size', String(source.length)), line: 1 }]);
  const lines = new LineCounter();
  let document: Document;
  let value: unknown;
  try {
    if (isOverloaded(source)) return refused([{ fault: invalid('yaml', ''), line: 1 }]);
    document = parseDocument(source, { lineCounter: lines, version: '1.2', uniqueKeys: false });
    if (document.errors.length > 0) return refused(document.errors.map(yamlFault));
    const twice = keysTwice(document, lines);
    if (twice.length > 0)
      return refused(twice.map((line) => ({ fault: invalid('yaml', 'DUPLICATE_KEY'), line })));
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return refused([{ fault: invalid('yaml', ''), line: 1 }]);
  }
  const parsed = PackagedPlan.safeParse(value);
  const wrong = parsed.success
    ? [
        ...templateFaults(parsed.data),
        ...graphFaults(parsed.data.tasks),
        ...otherwiseFaults(parsed.data.tasks, tools),
        ...rightsFaults(parsed.data, tools),
        ...(agents === null ? [] : agentFaults(parsed.data.tasks, { tools, agents })),
        ...expressionFaults(parsed.data.tasks),
      ]
    : parsed.error.issues.slice(0, ISSUE_LIMIT).map((issue) => shapeFault(issue, document));
  if (parsed.success && wrong.length === 0) return { ok: true, plan: parsed.data };
  return refused(
    wrong.map(({ fault: problem, place }) => ({ fault: problem, line: lineOf(document, lines, place) })),
  );
}

/** What is wrong in a file, and on which line. */
interface Found {
  readonly fault: Fault;
  readonly line: number;
}

function refused(found: readonly Found[]): Loaded {
  const told = found.toSorted((a, b) => a.line - b.line).slice(0, FAULT_LIMIT);
  const faults = told.map(({ fault: { data, ...rest }, line }) => ({ ...rest, data: { ...data, line } }));
  return { ok: false, fault: faults[0] ?? invalid('yaml', ''), faults };
}

function yamlFault({ linePos, code }: YAMLError): Found {
  return { fault: invalid('yaml', code), line: linePos?.[0].line ?? 1 };
}

/** What is wrong with the form, as a word the catalogue knows. */
function shapeFault(issue: z.core.$ZodIssue, document: Document): Wrong {
  const { place, data } = shapeIn(issue, document);
  return { place, fault: fault('PLAN_INVALID', data) };
}

function templateFaults({ examples, slots }: PackagedPlan): Wrong[] {
  const known = new Set(slots.map(({ name }) => name));
  return examples.flatMap((example, index) => {
    const { slots: named, places } = templateOf(example) ?? { slots: [], places: 0 };
    const place = ['examples', index];
    if (places > MOST_SLOTS) {
      const data = { where: 'shape', what: place.join('.'), why: 'size' };
      return [{ fault: fault('PLAN_INVALID', data), place }];
    }
    const strange = named.find((name) => !known.has(name));
    return strange === undefined ? [] : [{ fault: invalid('slot', strange), place }];
  });
}

function graphFaults(tasks: readonly TaskTemplate[]): Wrong[] {
  const wrong: Wrong[] = [];
  for (const [index, { id }] of tasks.entries()) {
    const isFirst = tasks.findIndex((task) => task.id === id) === index;
    if (!isFirst) wrong.push({ fault: invalid('task-twice', id), place: ['tasks', index, 'id'] });
  }
  if (wrong.length > 0) return wrong;
  const done = new Set<string>();
  for (let left = [...tasks.entries()]; left.length > 0; ) {
    const ready = left.filter(([, task]) => [...needsOf(task, tasks)].every((id) => done.has(id)));
    if (ready.length === 0) {
      return left.map(([index, { id }]) => ({
        fault: invalid('order', id),
        place: ['tasks', index, 'after'],
      }));
    }
    for (const [, { id }] of ready) done.add(id);
    left = left.filter(([, { id }]) => !done.has(id));
  }
  return [];
}

/** What must be done before it, whichever way the plan takes: what comes in the place of a task is needed as that task is. */
function needsOf({ after }: TaskTemplate, tasks: readonly TaskTemplate[]): ReadonlySet<string> {
  const needs = new Set(after);
  for (const id of needs)
    for (const other of tasks.find((task) => task.id === id)?.otherwise ?? []) needs.add(other);
  return needs;
}

function rightsFaults({ rights, tasks }: PackagedPlan, tools: ReadonlyMap<string, ToolDescription>): Wrong[] {
  return tasks.flatMap((task, index): Wrong[] => {
    const tool = tools.get(task.tool);
    const place = ['tasks', index, 'tool'];
    if (tool === undefined) return [{ fault: fault('TOOL_UNKNOWN', { tool: task.tool }), place }];
    if (!rights.includes(tool.risk)) return [{ fault: invalid('rights', task.tool), place }];
    const noCards = task.artifact !== undefined && !rights.includes('board');
    return noCards ? [{ fault: invalid('rights', task.id), place: ['tasks', index, 'artifact'] }] : [];
  });
}

function agentFaults(
  tasks: readonly TaskTemplate[],
  { tools, agents }: { readonly tools: ReadonlyMap<string, ToolDescription>; readonly agents: KnownAgents },
): Wrong[] {
  const unknown = (agent: string) => fault('AGENT_UNKNOWN', { agent, known: [...agents.names()] });
  return tasks.flatMap(({ agent, tool, next }, index): Wrong[] => {
    const offers = next?.agents === undefined || next.agents === 'all' ? [] : next.agents;
    const wrong = offers.flatMap((name, place): Wrong[] => {
      const isKnown = agents.toolsOf(name) !== null;
      return isKnown ? [] : [{ fault: unknown(name), place: ['tasks', index, 'next', 'agents', place] }];
    });
    if (agent === undefined) return wrong;
    const may = agents.toolsOf(agent);
    const place = ['tasks', index, 'agent'];
    if (may === null) return [{ fault: unknown(agent), place }, ...wrong];
    const isItsOwn = tools.get(tool)?.asks === true || may.includes(tool);
    return isItsOwn ? wrong : [{ fault: fault('AGENT_TOOL_DENIED', { agent, tool }), place }, ...wrong];
  });
}

function expressionFaults(tasks: readonly TaskTemplate[]): Wrong[] {
  return tasks.flatMap((task, index) =>
    expressionsOf(task).flatMap(({ expression, place }) => {
      const problem = checkExpression(expression);
      return problem === null ? [] : [{ fault: problem, place: ['tasks', index, ...place] }];
    }),
  );
}

interface Placed {
  readonly expression: string;
  readonly place: Place;
}

function expressionsOf({ claims, artifact, when, enough, next, arguments: given }: TaskTemplate): Placed[] {
  const made = claims.flatMap(({ id: _id, kind: _kind, recount, ...own }, index) => {
    const { of: _of, ...counted } = recount ?? { of: 'files' };
    return [...namedIn(own, ['claims', index]), ...namedIn(counted, ['claims', index, 'recount'])];
  });
  const {
    title: _title,
    icon: _icon,
    prose: _prose,
    ...shown
  } = artifact ?? { title: '', icon: '', prose: false };
  return [
    ...made,
    ...namedIn(shown, ['artifact']),
    ...namedIn({ when, enough }, []),
    ...namedIn({ tasks: next?.tasks }, ['next']),
    ...behindSigns(given, ['arguments']),
  ];
}

function namedIn(members: Readonly<Record<string, string | undefined>>, place: Place): Placed[] {
  return Object.entries(members).flatMap(([key, expression]) =>
    expression === undefined ? [] : [{ expression, place: [...place, key] }],
  );
}

/** The expressions behind `=` in a value, at any depth. */
function behindSigns(value: Json, place: Place): Placed[] {
  if (typeof value === 'string') return value.startsWith('=') ? [{ expression: value.slice(1), place }] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => behindSigns(inner, [...place, keyOf(value, key)]));
}

function keyOf(holder: object, key: string): string | number {
  return Array.isArray(holder) ? Number(key) : key;
}

function invalid(where: string, what: string): Fault {
  return fault('PLAN_INVALID', { where, what });
}
