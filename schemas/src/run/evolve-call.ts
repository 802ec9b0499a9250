import type { RecordedRunEvent } from '../event/registry.ts';
import type { CallOutcome, CallState, RunState, TaskState } from './state.ts';

type Event<T extends RecordedRunEvent['type']> = Extract<RecordedRunEvent, { type: T }>;

export type CallEvent = Event<
  | 'tool-call.decided'
  | 'tool-call.completed'
  | 'tool-call.failed'
  | 'approval.requested'
  | 'approval.answered'
>;

/** What a call and the question about it make of the state. */
export function applyCall(state: RunState, event: CallEvent): RunState {
  switch (event.type) {
    case 'tool-call.decided':
      return decideCall(state, event);
    case 'tool-call.completed':
    case 'tool-call.failed':
      return endCall(state, event);
    case 'approval.requested':
    case 'approval.answered':
      return applyApproval(state, event);
    default:
      return event satisfies never;
  }
}

function decideCall(state: RunState, event: Event<'tool-call.decided'>): RunState {
  const { call: id, task, attempt, tool, arguments: args, verdict, rule, policyHash, tookMs } = event.data;
  const { risk, preview, compensates } = event.data;
  const outcome: CallOutcome = {
    name: ({ allow: 'started', ask: 'undecided', deny: 'refused' } as const)[verdict],
  };
  const earlier = state.calls[id];
  const startedAt = earlier?.startedAt ?? event.time;
  const begun = verdict === 'allow' || earlier?.begun === true;
  const call: CallState = {
    id,
    task,
    attempt,
    tool,
    arguments: args,
    verdict,
    rule,
    policyHash,
    decidedMs: tookMs,
    ...(risk === undefined ? {} : { risk }),
    ...(preview === undefined ? {} : { preview }),
    ...(compensates === undefined ? {} : { compensates }),
    ...(begun ? { begun } : {}),
    startedAt,
    outcome,
  };
  const next = { ...state, calls: { ...state.calls, [id]: call } };
  return changeTask(next, task, (before) =>
    before.calls.includes(id) ? before : { ...before, calls: [...before.calls, id] },
  );
}

function endCall(state: RunState, event: Event<'tool-call.completed' | 'tool-call.failed'>): RunState {
  const { tookMs, spent } = event.data;
  const took = { tookMs, ...(spent === undefined ? {} : { spent }) };
  const outcome: CallOutcome =
    event.type === 'tool-call.completed'
      ? { name: 'completed', result: event.data.result, note: event.data.note, ...took }
      : { name: 'failed', fault: event.data.fault, ...took };
  const next = withoutCards(changeCall(state, event.data.call, outcome), event.data.call);
  if (event.type === 'tool-call.failed' || event.data.changes === undefined) return next;
  // What its parent did to files is the parent's to undo.
  if (isParents(state, event)) return next;
  const { call, task, changes } = event.data;
  return { ...next, changes: [...next.changes, { ...changes, call, task }] };
}

/** What a call took back from the board is not shown as the task's any more. */
function withoutCards(state: RunState, id: string): RunState {
  const call = state.calls[id];
  const taken = call?.compensates === undefined ? undefined : state.calls[call.compensates];
  if (call?.outcome.name !== 'completed' || taken?.risk !== 'board') return state;
  return { ...state, artifacts: state.artifacts.filter(({ task }) => task !== taken.task) };
}

function applyApproval(state: RunState, event: Event<'approval.requested' | 'approval.answered'>): RunState {
  if (event.type === 'approval.requested') {
    const { approval: id, ...asked } = event.data;
    const next = {
      ...state,
      approvals: { ...state.approvals, [id]: { id, ...asked, requestedAt: event.time, answer: null } },
    };
    return changeAsked(next, asked, { name: 'waiting', approval: id });
  }
  const { approval: id, answer, by, scope } = event.data;
  const asked = state.approvals[id];
  if (asked === undefined) return state;
  // What a person allowed for the rest of the parent's run was not allowed for its branches.
  const reach = scope === 'run' && isParents(state, event) ? 'once' : scope;
  const answered = { answer, by, scope: reach, at: event.time };
  const approvals = { ...state.approvals, [id]: { ...asked, answer: answered } };
  const outcome: CallOutcome = { name: answer === 'approved' ? 'started' : 'refused' };
  const next = changeCall({ ...state, approvals }, asked.call, outcome);
  return changeAsked(next, asked, { name: 'running' });
}

/**
 * A task waits for what it asks, but for what its failure left to be taken back: it stays failed. One that is over stays so as well while a
 * person thinks about the plan.
 */
function changeAsked(
  state: RunState,
  {
    call,
    task: id,
    about,
  }: { readonly call: string; readonly task: string; readonly about?: 'revision' | undefined },
  status: TaskState['status'],
): RunState {
  if (state.calls[call]?.compensates !== undefined) return state;
  return changeTask(state, id, (task) => {
    const isOver = task.status.name !== 'running' && task.status.name !== 'waiting';
    return about === 'revision' && isOver ? task : { ...task, status };
  });
}

/** Whether the event is of the run this one branched off. */
function isParents({ fork }: RunState, { sequence }: RecordedRunEvent): boolean {
  return fork !== null && sequence <= fork.events;
}

/** The state with one of its tasks changed. */
export function changeTask(state: RunState, id: string, change: (task: TaskState) => TaskState): RunState {
  return { ...state, tasks: state.tasks.map((task) => (task.id === id ? change(task) : task)) };
}

function changeCall(state: RunState, id: string, outcome: CallOutcome): RunState {
  const call = state.calls[id];
  return call === undefined ? state : { ...state, calls: { ...state.calls, [id]: { ...call, outcome } } };
}
