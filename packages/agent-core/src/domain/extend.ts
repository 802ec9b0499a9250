import type { EventData, Json, Note } from '@soma/schemas/event';
import type { AskedTask, PackagedPlan, TaskTemplate } from '@soma/schemas/plan';
import type { RunState, TaskState } from '@soma/schemas/run';

export interface Extending {
  readonly state: RunState;
  /** The plan as the run follows it now. */
  readonly plan: PackagedPlan;
  /** The task whose result asks for more, and what the plan says of it. */
  readonly task: TaskState;
  readonly template: TaskTemplate;
}

export interface Extension extends Pick<EventData<'plan.revised'>, 'dropped' | 'changed'> {
  readonly note: Note;
  /** Tasks to come into the plan, in order; the last is the task itself anew where it is done again. */
  readonly templates: readonly TaskTemplate[];
}

/**
 * What a plan becomes when the result of a task asks for further tasks. What waits for that task waits for them too. A task that claims something
 * is given up and done again behind them, under a name of its own and with the same checks, so that no check goes; null where it was done
 * as often as its plan allows. Each that comes is optional: what comes to nothing is told to whoever reads the results.
 */
export function extensionOf(
  { state, plan, task, template }: Extending,
  asked: readonly AskedTask[],
): Extension | null {
  const isAgain = template.checks.length > 0;
  const rounds = template.next?.rounds ?? 1;
  if (isAgain && rounds <= 1) return null;
  const taken = new Set([...plan.tasks, ...state.tasks].map(({ id }) => id));
  const names = new Map<string, string>();
  for (const { id } of asked) {
    const name = freeName(id, taken);
    taken.add(name);
    names.set(id, name);
  }
  const before = isAgain ? task.after : [task.id];
  const added = asked.map((one): TaskTemplate => {
    const { title, tool, arguments: given } = one;
    const after = one.after.length === 0 ? before : one.after.map((id) => names.get(id) ?? id);
    // Whoever asks for a task does not get out of its own agent's bounds by naming nobody.
    const agent = one.agent ?? template.agent;
    const alone = { otherwise: [], claims: [], checks: [], refusable: false, optional: true };
    return {
      id: names.get(one.id) ?? one.id,
      title,
      tool,
      after: [...after],
      arguments: literal(given),
      ...alone,
      ...(agent !== undefined && { agent }),
    };
  });
  const last = added.filter(({ id }) => !added.some(({ after }) => after.includes(id))).map(({ id }) => id);
  const data = { title: task.title, count: added.length };
  const note: Note = { code: 'result-asks-for-more', data };
  const waiting = state.tasks.filter(
    ({ after, status }) => after.includes(task.id) && status.name === 'queued',
  );
  if (!isAgain) {
    const changed = waiting.map(({ id, after }) => ({ task: id, after: [...after, ...last] }));
    return { note, templates: added, dropped: [], changed };
  }
  const id = freeName(task.id.replace(/-\d+$/, ''), taken);
  const { next, ...same } = template;
  const left = next === undefined || rounds <= 2 ? {} : { next: { ...next, rounds: rounds - 1 } };
  const anew: TaskTemplate = { ...same, ...left, id, after: [...task.after, ...last] };
  const changed = waiting.map((other) => ({
    task: other.id,
    after: other.after.map((needed) => (needed === task.id ? id : needed)),
  }));
  return { note, templates: [...added, anew], dropped: [task.id], changed };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
}

/** Arguments as they stand: a text that begins as an expression does is itself, and nothing is worked out from it. */
function literal(given: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, quoted(value)]));
}

function quoted(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('=') ? `=${JSON.stringify(value)}` : value;
  if (Array.isArray(value)) return value.map(quoted);
  if (value === null || typeof value !== 'object') return value;
  return literal(value);
}
