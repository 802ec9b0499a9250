import { type Fault, type RunEvent, STEP_NAMES, type StepName } from '@soma/schemas/event';
import { nextStep, type TaskState } from '@soma/schemas/run';
import { isWorking } from '../domain/decide.ts';
import { type Attempt, type StepResult, steps, taskOf } from './step.ts';

/** How often a task is tried when its fault says that trying again may help. */
const MAX_ATTEMPTS = 3;

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
  return attempt.writer.record([
    { type: 'step.started', data: { task: task.id, attempt: task.attempt, step } },
  ]);
}

/** Commits what a state came to, with the start of the next one. False when the attempt goes no further. */
async function leave(attempt: Attempt, step: StepName, result: StepResult): Promise<boolean> {
  const { id: task, attempt: number } = taskOf(attempt);
  const at = { task, attempt: number };
  switch (result.name) {
    case 'completed': {
      const { note, output, before, after } = result;
      const completed: RunEvent = { type: 'step.completed', data: { ...at, step, note, output } };
      return attempt.writer.record([
        ...before,
        completed,
        ...(after.length > 0 ? after : startNext(at, step)),
      ]);
    }
    case 'skipped': {
      const skipped: RunEvent = { type: 'step.skipped', data: { ...at, step, note: result.note } };
      return attempt.writer.record([
        skipped,
        ...(result.after.length > 0 ? result.after : startNext(at, step)),
      ]);
    }
    case 'failed':
      await fail(attempt, result);
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

/** A folder that is gone is nothing a task can mend: the run pauses and asks. Everything else ends or repeats the attempt. */
async function fail(attempt: Attempt, failed: { fault: Fault; events: readonly RunEvent[] }): Promise<void> {
  const { id: task, attempt: number } = taskOf(attempt);
  const problem = failed.fault;
  if (problem.code === 'FOLDER_GONE' || problem.code === 'FOLDER_UNREADABLE') {
    await attempt.writer.record([
      ...failed.events,
      { type: 'run.paused', data: { reason: 'fault', fault: problem } },
    ]);
    return;
  }
  const again = problem.retry.when !== 'never' && number < MAX_ATTEMPTS;
  const retryAt = again ? (problem.retry.when === 'at' ? problem.retry.at : attempt.parts.clock.now()) : null;
  const event: RunEvent = { type: 'task.failed', data: { task, attempt: number, fault: problem, retryAt } };
  await attempt.writer.record([...failed.events, event]);
}
