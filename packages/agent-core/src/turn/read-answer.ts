import type { Json } from '@soma/schemas/event';
import type { AskedTask } from '@soma/schemas/plan';
import type { TurnKind } from '@soma/schemas/turn';
import { z } from 'zod';
import type { ToolDescription } from '../port/index.ts';
import { agentsFor, type Offer, offerProblem } from './offer.ts';
import { ANSWERS, type Answer } from './shape.ts';

/** What was mended of an answer that was nearly right. */
export type Repair = 'words-around' | 'commas' | 'tool-name' | 'arguments-text' | 'task-name' | 'agent-name';

export type ReadAnswer =
  | { readonly ok: true; readonly answer: Answer; readonly repairs: readonly Repair[] }
  /** `why` is told to the model as it stands: where in its answer, and what is wrong there. */
  | { readonly ok: false; readonly why: string };

/** Longest reason that a model is told. */
const WHY_LIMIT = 1000;

/**
 * Takes a model's words for an answer of this kind, or says what is wrong with them. What is nearly right is mended where there is but one
 * way to mean it: words or a fence around the JSON, commas too many, a tool's name in other letters, arguments written as text, a task
 * named as no task may be, no agent where only one of those to choose from may use the tool. Nothing is guessed beyond that.
 */
export function readAnswer(kind: TurnKind, text: string, offer: Offer): ReadAnswer {
  const repairs = new Set<Repair>();
  const value = jsonIn(text, repairs);
  if (value === undefined) return { ok: false, why: 'The answer is not JSON.' };
  const mended = mendTasks(value, { offer, repairs });
  const parsed = ANSWERS[kind].safeParse(mended);
  if (!parsed.success) return { ok: false, why: problems(parsed.error) };
  const why = 'tasks' in parsed.data ? taskProblem(parsed.data.tasks, offer) : null;
  return why === null ? { ok: true, answer: parsed.data, repairs: [...repairs] } : { ok: false, why };
}

function jsonIn(text: string, repairs: Set<Repair>): Json | undefined {
  const whole = parse(text);
  if (whole !== undefined) return whole;
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  if (from < 0 || to < from) return undefined;
  const inner = text.slice(from, to + 1);
  const found = parse(inner);
  if (inner !== text.trim()) repairs.add('words-around');
  if (found !== undefined) return found;
  repairs.add('commas');
  return parse(withoutLastCommas(inner));
}

function parse(text: string): Json | undefined {
  try {
    return z.json().safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The text without commas before a closing bracket, texts in it left as they are. One that is open goes to the end, so that no place is looked at twice. */
function withoutLastCommas(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S]?)*"?|,(?=\s*[}\]])/g, (found) => (found === ',' ? '' : found));
}

interface Mending {
  readonly offer: Offer;
  readonly repairs: Set<Repair>;
}

function mendTasks(value: Json, mending: Mending): Json {
  if (!isObject(value) || !Array.isArray(value.tasks)) return value;
  const tasks = value.tasks.map((task) => (isObject(task) ? mendTask(task, mending) : task));
  const names = namesOf(tasks);
  const renamed = tasks.map((task) => (isObject(task) ? rename(task, names) : task));
  if (names.size > 0) mending.repairs.add('task-name');
  return { ...value, tasks: renamed };
}

function mendTask(task: Record<string, Json>, { offer, repairs }: Mending): Record<string, Json> {
  const { tools } = offer;
  const mended = { ...task };
  const { tool, arguments: given } = task;
  if (typeof tool === 'string' && !tools.some(({ name }) => name === tool)) {
    const meant = tools.filter(({ name }) => plain(name) === plain(tool));
    if (meant.length === 1 && meant[0] !== undefined) {
      mended.tool = meant[0].name;
      repairs.add('tool-name');
    }
  }
  const parsed = typeof given === 'string' ? parse(given) : undefined;
  if (isObject(parsed)) {
    mended.arguments = parsed;
    repairs.add('arguments-text');
  }
  const agent = agentMeant(mended, offer);
  if (agent !== null) {
    mended.agent = agent;
    repairs.add('agent-name');
  }
  return mended;
}

/** The one agent that a task can only be meant for: named in other letters, or not named where whoever asks may not use the tool. */
function agentMeant({ tool, agent = null }: Record<string, Json>, offer: Offer): string | null {
  if (typeof tool !== 'string') return null;
  const may = agentsFor(offer, tool);
  const { self } = offer;
  const meant =
    typeof agent === 'string'
      ? may.filter((name) => name !== agent && plain(name) === plain(agent))
      : agent === null && self !== null && !self.tools.includes(tool)
        ? may
        : [];
  return meant.length === 1 ? (meant[0] ?? null) : null;
}

/** New names for tasks whose own no task may have; none where two would then be called the same. */
function namesOf(tasks: readonly Json[]): ReadonlyMap<string, string> {
  const ids = tasks.flatMap((task) => (isObject(task) && typeof task.id === 'string' ? [task.id] : []));
  const names = new Map(
    ids
      .map((id) => [id, nameFor(id)] as const)
      .filter(([id, name]) => name !== '' && name !== id && !ids.includes(name)),
  );
  return new Set(names.values()).size === names.size ? names : new Map();
}

function nameFor(id: string): string {
  const name = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return (/^[0-9]/.test(name) ? `task-${name}` : name).slice(0, 40);
}

function rename(task: Record<string, Json>, names: ReadonlyMap<string, string>): Record<string, Json> {
  const { id, after } = task;
  return {
    ...task,
    ...(typeof id === 'string' && { id: names.get(id) ?? id }),
    ...(Array.isArray(after) && {
      after: after.map((needed) => (typeof needed === 'string' ? (names.get(needed) ?? needed) : needed)),
    }),
  };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** What the schema of the whole does not see: tools, their arguments, whose tasks they are, and the order of the tasks. */
function taskProblem(tasks: readonly AskedTask[], offer: Offer): string | null {
  const done = new Set<string>();
  for (const [index, task] of tasks.entries()) {
    const at = `tasks[${index}]`;
    const tool = offer.tools.find(({ name }) => name === task.tool);
    if (tool === undefined) return `${at}.tool: there is no tool ${JSON.stringify(task.tool)}.`;
    const refused = offerProblem(offer, task.tool, task.agent ?? null);
    if (refused !== null) return `${at}.agent: ${refused}`;
    const fits = checkerOf(tool).safeParse(task.arguments);
    if (!fits.success) return problems(fits.error, `${at}.arguments`);
    if (done.has(task.id)) return `${at}.id: another task has it.`;
    const unknown = task.after.find((needed) => !done.has(needed));
    if (unknown !== undefined) return `${at}.after: ${JSON.stringify(unknown)} is no task before it.`;
    done.add(task.id);
  }
  return null;
}

const checkers = new WeakMap<ToolDescription, z.ZodType>();

function checkerOf(tool: ToolDescription): z.ZodType {
  const known = checkers.get(tool);
  if (known !== undefined) return known;
  const made = isObject(tool.inputSchema) ? z.fromJSONSchema(tool.inputSchema) : z.json();
  checkers.set(tool, made);
  return made;
}

function problems({ issues }: z.ZodError, inside = ''): string {
  const told = issues.map(({ path, message }) => {
    const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
    return `${`${inside}${place}`.replace(/^\./, '') || 'The answer'}: ${message}.`;
  });
  return told.join(' ').slice(0, WHY_LIMIT);
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
