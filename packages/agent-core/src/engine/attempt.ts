import { type Fault, type RunEvent, STEP_NAMES, type StepName } from '@soma/schemas/event';
import { nextStep, type RunState, type TaskState } from '@soma/schemas/run';
import { isWorking } from '../domain/decide.ts';
import { retryAt } from '../domain/retry.ts';
import { effectsOf, toCompensate } from './compensate.ts';
import { type AfterModel, afterModel } from './route.ts';
import { steps } from './step.ts';
import { type Attempt, type StepResult, taskOf } from './step-result.ts';

/** Takes one task through the states that are still ahead of it, committing each. Returns when it is over, waits, or was aborted. */
export async function runAttempt(attempt: Attempt): Promise<void> {
  for (;;) {
    const task = taskOf(attempt);
    if (attempt.signal.aborted || !isWorking(attempt.writer.state()) || task.status.name !== 'running')
      return;
    const step = nextStep(task);
    if (step === null) return;
    if (!(await enter(attempt, task, step))) return;
    const result = await steps[step](attempt);
    if (!(await leave(attempt, step, result))) return;
  }
}

async function enter(attempt: Attempt, task: TaskState, step: StepName): Promise<boolean> {
  if (task.steps[step].status === 'current') return true;
  return record(attempt, task, [
    { type: 'step.started', data: { task: task.id, attempt: task.attempt, step } },
  ]);
}

/** What became of its calls is told of a task that was left out meanwhile, too; the task is not up again for that. */
async function recordCalls(attempt: Attempt, events: readonly RunEvent[]): Promise<void> {
  const calls = events.filter(({ type }) => type.startsWith('tool-call.'));
  if (calls.length > 0 && taskOf(attempt).status.name === 'skipped') await attempt.writer.record(calls);
}

/** Commits facts of the attempt, unless a person left the task out meanwhile. */
function record(
  {
    writer,
    stands = () => true,
  }: Pick<Attempt, 'writer'> & { readonly stands?: (state: RunState) => boolean },
  { id, attempt }: TaskState,
  events: readonly RunEvent[],
): Promise<boolean> {
  const isUnderWay = ({ tasks }: RunState) =>
    tasks.some((task) => task.id === id && task.attempt === attempt && task.status.name === 'running');
  return writer.record(events, (state) => isUnderWay(state) && stands(state));
}

/** Commits what a state came to, with the start of the next one. False when the attempt goes no further. */
async function leave(attempt: Attempt, step: StepName, result: StepResult): Promise<boolean> {
  const own = taskOf(attempt);
  const { id: task, attempt: number } = own;
  const at = { task, attempt: number };
  const { writer } = attempt;
  switch (result.name) {
    case 'completed': {
      const { note, output, before, after, stands } = result;
      const completed: RunEvent = { type: 'step.completed', data: { ...at, step, note, output } };
      const events = [...before, completed, ...(after.length > 0 ? after : startNext(at, step))];
      const recorded = await record({ writer, ...(stands !== undefined && { stands }) }, own, events);
      if (!recorded) await recordCalls(attempt, before);
      return recorded;
    }
    case 'skipped': {
      const skipped: RunEvent = { type: 'step.skipped', data: { ...at, step, note: result.note } };
      return record(attempt, own, [
        skipped,
        ...(result.after.length > 0 ? result.after : startNext(at, step)),
      ]);
    }
    case 'failed':
      await fail(attempt, result);
      return false;
    case 'stalled':
      await attempt.writer.record([pausedBy(result.fault)]);
      return false;
    case 'waiting':
    case 'aborted':
      return false;
    default:
      return result satisfies never;
  }
}

function startNext(at: { task: string; attempt: number }, step: StepName): RunEvent[] {
  const next = STEP_NAMES[STEP_NAMES.indexOf(step) + 1];
  return next === undefined ? [] : [{ type: 'step.started', data: { ...at, step: next } }];
}

/** What a task cannot mend and a person may: the folder is gone. The attempt goes on where it stood. */
const FOLDER_FAULTS: readonly Fault['code'][] = ['FOLDER_GONE', 'FOLDER_UNREADABLE'];

/** Ends or repeats the attempt, or pauses the run where only a person knows how to go on. */
async function fail(attempt: Attempt, failed: { fault: Fault; events: readonly RunEvent[] }): Promise<void> {
  const own = taskOf(attempt);
  const { id: task, attempt: number, key, waited = 0 } = own;
  const { events } = failed;
  if (taskOf(attempt).status.name === 'skipped') return recordCalls(attempt, events);
  const asIs = (): AfterModel => ({ fault: failed.fault, waits: false, models: 1 });
  const { fault, waits, models } = await afterModel(attempt, failed.fault).catch(asIs);
  const { clock, hasher } = attempt.parts;
  const chance = Number.parseInt(hasher.sha256(key ?? task).slice(0, 8), 16) / 2 ** 32;
  const tries = waits ? 1 : Math.ceil((number - waited) / models);
  const at = retryAt({ fault, attempt: tries, now: clock.now(), chance });
  if (
    FOLDER_FAULTS.includes(fault.code) ||
    (at !== null && effectsOf(attempt, taskOf(attempt), events).length > 0)
  ) {
    await attempt.writer.record([...events, pausedBy(fault)]);
    return;
  }
  const compensate = at === null ? toCompensate(attempt, taskOf(attempt), events) : [];
  const over: RunEvent = {
    type: 'task.failed',
    data: {
      ...{ task, attempt: number, fault, retryAt: at },
      ...(compensate.length > 0 && { compensate }),
      ...(waits && { waits }),
    },
  };
  // Whether it happened is for a person to find out, who then does the task again or leaves it.
  const asks = fault.code === 'TOOL_OUTCOME_UNKNOWN';
  const recorded = await record(attempt, own, [...events, over, ...(asks ? [pausedBy(fault)] : [])]);
  if (!recorded) await recordCalls(attempt, events);
}

function pausedBy(fault: Fault): RunEvent {
  return { type: 'run.paused', data: { reason: 'fault', fault } };
}
