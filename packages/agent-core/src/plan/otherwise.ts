import { type Fault, fault } from '@soma/schemas/event';
import type { TaskTemplate } from '@soma/schemas/plan';
import type { ToolDescription } from '../port/index.ts';

/** Something that is wrong with a plan, and where in its tree. */
interface Wrong {
  readonly fault: Fault;
  readonly place: readonly (string | number)[];
}

/**
 * What is wrong with the other ways of a plan. Each task is the other way of at most one; what stands in a plan only for another's sake may be
 * needed by its fellows alone, since it may never come; and what a task checks is what it claims, so that a check that goes is seen to go.
 */
export function otherwiseFaults(
  tasks: readonly TaskTemplate[],
  tools: ReadonlyMap<string, ToolDescription>,
): readonly Wrong[] {
  const ways = waysOf(tasks);
  return tasks.flatMap((task, index): Wrong[] => {
    const at = (key: string, what: string): Wrong => {
      return {
        fault: fault('PLAN_INVALID', { where: 'otherwise', why: key, what }),
        place: ['tasks', index],
      };
    };
    const wrong: Wrong[] = [];
    const { id, otherwise, enough, after } = task;
    const unknown = otherwise.find((other) => !tasks.some((one) => one.id === other));
    if (unknown !== undefined) wrong.push(at('unknown', unknown));
    const twice = otherwise.find(
      (other, place) => ways.get(other) !== id || otherwise.indexOf(other) !== place,
    );
    if (twice !== undefined && unknown === undefined) wrong.push(at('twice', twice));
    if (ways.has(id) && !isReached(id, ways)) wrong.push(at('circle', id));
    const outside = after.find((needed) => ways.has(needed) && ways.get(needed) !== ways.get(id));
    if (outside !== undefined) wrong.push(at('needed', outside));
    if (enough !== undefined && otherwise.length === 0) wrong.push(at('alone', id));
    const risk = tools.get(task.tool)?.risk ?? 'read';
    if (enough !== undefined && risk !== 'read' && risk !== 'network') wrong.push(at('acts', task.tool));
    if ((ways.has(id) || otherwise.length > 0) && !checksWhatItClaims(task)) wrong.push(at('checks', id));
    return wrong;
  });
}

/** Of each task that comes in the place of another, the first that names it. */
function waysOf(tasks: readonly TaskTemplate[]): ReadonlyMap<string, string> {
  const ways = new Map<string, string>();
  for (const { id, otherwise } of tasks)
    for (const other of otherwise) if (!ways.has(other)) ways.set(other, id);
  return ways;
}

/** Whether it comes in the place of one the run begins with, at whatever remove. */
function isReached(id: string, ways: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>();
  for (let one = ways.get(id); one !== undefined; one = ways.get(one)) {
    if (seen.has(one)) return false;
    seen.add(one);
  }
  return true;
}

function checksWhatItClaims({ checks, claims }: TaskTemplate): boolean {
  const kinds = claims.map(({ kind }) => kind);
  return kinds.every((kind) => checks.includes(kind)) && checks.every((check) => kinds.includes(check));
}
