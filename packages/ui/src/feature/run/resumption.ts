import { type RecordedRunEvent, STEP_NAMES, type StepName } from '@soma/schemas/event';
import { type CallState, evolve, nextStep, type RunState, type TaskState } from '@soma/schemas/run';

/**
 * What became of the tool after a run was taken up again. `found`: it had been done, and was not done again; `kept`: its answer was there;
 * `again`: it was run again under the same key; `unknown`: nobody knows whether it happened, so it was not; `none`: none had been
 * called; `open`: not decided yet.
 */
export type ToolAfter = 'found' | 'kept' | 'again' | 'unknown' | 'none' | 'open';

/** One task that was cut off and taken up again. */
export interface Resumption {
  readonly sequence: number;
  readonly time: string;
  readonly task: string;
  readonly title: string;
  readonly step: StepName;
  /** The step's number, 1 to 8. */
  readonly number: number;
  readonly tool: string;
  readonly after: ToolAfter;
}

/** Where a run went on after each time it was cut off, and what became of the tools under way, as its events say. */
export function resumptionsOf(events: readonly RecordedRunEvent[]): readonly Resumption[] {
  const found: Resumption[] = [];
  let state: RunState | null = null;
  for (const [place, event] of events.entries()) {
    if (event.type === 'run.resumed' && event.data.from !== 'paused' && state !== null) {
      const since = events.slice(place + 1);
      const end = since.findIndex(({ type }) => type === 'run.interrupted');
      found.push(...takenUp(state, event, end < 0 ? since : since.slice(0, end)));
    }
    state = evolve(state, event);
  }
  return found;
}

function takenUp(
  state: RunState,
  { sequence, time }: RecordedRunEvent,
  since: readonly RecordedRunEvent[],
): readonly Resumption[] {
  return state.tasks.flatMap((task): Resumption[] => {
    const step = nextStep(task);
    if (task.status.name !== 'running' || step === null) return [];
    const number = STEP_NAMES.indexOf(step) + 1;
    const calls = callsOf(state, task);
    const tool = openCall(calls)?.tool ?? task.tool;
    const place = { sequence, time, task: task.id, title: task.title, step, number, tool };
    return [{ ...place, after: toolAfter(task, calls, since) }];
  });
}

/** The calls of the attempt under way. */
function callsOf(state: RunState, task: TaskState): readonly CallState[] {
  return task.calls.flatMap((id) => state.calls[id] ?? []).filter(({ attempt }) => attempt === task.attempt);
}

function openCall(calls: readonly CallState[]): CallState | undefined {
  return calls.find(({ outcome }) => outcome.name === 'started');
}

function toolAfter(
  task: TaskState,
  calls: readonly CallState[],
  since: readonly RecordedRunEvent[],
): ToolAfter {
  const open = openCall(calls);
  if (open === undefined) return calls.some(({ outcome }) => outcome.name === 'completed') ? 'kept' : 'none';
  for (const event of since) {
    if (event.type === 'tool-call.decided' && event.data.call === open.id) return 'again';
    if (event.type === 'tool-call.completed' && event.data.call === open.id) return 'found';
    if (event.type === 'tool-call.failed' && event.data.call === open.id)
      return event.data.fault.code === 'TOOL_OUTCOME_UNKNOWN' ? 'unknown' : 'again';
    if (event.type === 'task.failed' && event.data.task === task.id)
      return event.data.fault.code === 'TOOL_OUTCOME_UNKNOWN' ? 'unknown' : 'again';
  }
  return 'open';
}
