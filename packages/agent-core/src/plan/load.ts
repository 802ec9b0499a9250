import { type Fault, fault, type Json } from '@soma/schemas/event';
import { PackagedPlan, type TaskTemplate } from '@soma/schemas/plan';
import { parse } from 'yaml';
import type { ToolDescription } from '../port/index.ts';
import { checkExpression } from './expression.ts';

export type Loaded =
  | { readonly ok: true; readonly plan: PackagedPlan }
  | { readonly ok: false; readonly fault: Fault };

/** Largest plan file, in UTF-16 units. */
const SIZE_LIMIT = 500_000;

/**
 * Reads a plan file (YAML 1.2). Fault PLAN_INVALID names where: the shape, a task that needs one that is missing or that comes round to
 * itself, a tool that is unknown or that may do more than the plan's rights say, an expression that cannot be read.
 */
export function loadPlan(source: string, tools: ReadonlyMap<string, ToolDescription>): Loaded {
  if (source.length > SIZE_LIMIT) return invalid('size', String(source.length));
  let value: unknown;
  try {
    value = parse(source, { maxAliasCount: 100, version: '1.2' });
  } catch {
    return invalid('yaml', '');
  }
  const parsed = PackagedPlan.safeParse(value);
  if (!parsed.success) return invalid('shape', parsed.error.issues[0]?.path.join('.') ?? '');
  const plan = parsed.data;
  const problem = graphProblem(plan.tasks) ?? rightsProblem(plan, tools) ?? expressionProblem(plan.tasks);
  return problem === null ? { ok: true, plan } : { ok: false, fault: problem };
}

function graphProblem(tasks: readonly TaskTemplate[]): Fault | null {
  const done = new Set<string>();
  if (new Set(tasks.map(({ id }) => id)).size < tasks.length)
    return fault('PLAN_INVALID', { where: 'task-twice', what: '' });
  for (let left = [...tasks]; left.length > 0; ) {
    const ready = left.filter(({ after }) => after.every((id) => done.has(id)));
    const [stuck] = left;
    if (ready.length === 0) return fault('PLAN_INVALID', { where: 'order', what: stuck?.id ?? '' });
    for (const { id } of ready) done.add(id);
    left = left.filter(({ id }) => !done.has(id));
  }
  return null;
}

function rightsProblem(plan: PackagedPlan, tools: ReadonlyMap<string, ToolDescription>): Fault | null {
  for (const task of plan.tasks) {
    const tool = tools.get(task.tool);
    if (tool === undefined) return fault('TOOL_UNKNOWN', { tool: task.tool });
    if (!plan.rights.includes(tool.risk)) return fault('PLAN_INVALID', { where: 'rights', what: task.tool });
    if (task.artifact !== undefined && !plan.rights.includes('board'))
      return fault('PLAN_INVALID', { where: 'rights', what: task.id });
  }
  return null;
}

function expressionProblem(tasks: readonly TaskTemplate[]): Fault | null {
  for (const expression of tasks.flatMap(expressionsOf)) {
    const problem = checkExpression(expression);
    if (problem !== null) return problem;
  }
  return null;
}

function expressionsOf(task: TaskTemplate): string[] {
  const claims = task.claims.flatMap(({ each, text, path, line, quote, recount, execution }) => [
    ...[each, text, path, line, quote, execution],
    ...[recount?.subject, recount?.needle, recount?.value, recount?.at, recount?.column],
    ...[recount?.measure, recount?.from, recount?.to],
  ]);
  const { artifact } = task;
  const own = [
    ...claims,
    ...expressionsIn(task.arguments),
    task.when,
    artifact?.lines,
    artifact?.graph,
    artifact?.chart,
  ];
  return own.filter((expression) => expression !== undefined);
}

function expressionsIn(value: Json): string[] {
  if (typeof value === 'string') return value.startsWith('=') ? [value.slice(1)] : [];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(expressionsIn) : [];
}

function invalid(where: string, what: string): Loaded {
  return { ok: false, fault: fault('PLAN_INVALID', { where, what }) };
}
