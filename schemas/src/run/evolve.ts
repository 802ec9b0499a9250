import type { PlannedTask } from '../event/plan.ts';
import type { RecordedRunEvent } from '../event/registry.ts';
import { STEP_NAMES, type StepName } from '../event/task.ts';
import { applyCall, changeTask } from './evolve-call.ts';
import type { ApprovalState, RunState, StepState, Steps, TaskState } from './state.ts';

type Event<T extends RecordedRunEvent['type']> = Extract<RecordedRunEvent, { type: T }>;

/**
 * The one fold. Given the state before an event (null before the first) it answers the state after; the same events in the same
 * order always give the same state, in the engine, the host and the window. An event that cannot follow (another run's, one
 * already seen, or one before *goal.submitted*) leaves the state as it was.
 */
export function evolve(state: RunState | null, event: RecordedRunEvent): RunState | null {
  if (state === null) return event.type === 'goal.submitted' ? begin(event) : null;
  if (event.sequence <= state.sequence) return state;
  return { ...apply(state, event), sequence: event.sequence };
}

/** Folds a whole stream. */
export function fold(events: Iterable<RecordedRunEvent>): RunState | null {
  let state: RunState | null = null;
  for (const event of events) state = evolve(state, event);
  return state;
}

function begin(event: Event<'goal.submitted'>): RunState {
  const { run, goal, folder, canvas, plan, slots, approve, fork = null, fresh = false } = event.data;
  const { priority = 'normal', deadline = null, parent = null, follows = null } = event.data;
  return {
    id: run,
    sequence: event.sequence,
    scope: event.scope,
    goal,
    folder,
    canvas,
    requestedPlan: plan,
    slots,
    approve,
    fork,
    parent,
    follows,
    fresh,
    priority,
    deadline,
    submittedAt: event.time,
    status: { name: 'planning' },
    endings: 0,
    plan: null,
    tasks: [],
    calls: {},
    approvals: {},
    artifacts: [],
    changes: [],
    undone: [],
    messages: [],
  };
}

function apply(state: RunState, event: RecordedRunEvent): RunState {
  switch (event.type) {
    case 'goal.submitted':
      return state;
    case 'plan.proposed':
    case 'plan.approved':
    case 'plan.revised':
      return applyPlan(state, event);
    case 'task.started':
    case 'step.started':
    case 'step.completed':
    case 'step.skipped':
    case 'evidence.recorded':
    case 'task.completed':
    case 'task.failed':
    case 'task.skipped':
    case 'task.edited':
    case 'model.routed':
      return changeTask(state, event.data.task, (task) => applyTask(task, event));
    case 'task.requeued':
      return requeue(state, event.data.tasks);
    case 'tool-call.decided':
    case 'tool-call.completed':
    case 'tool-call.failed':
    case 'approval.requested':
    case 'approval.answered':
      return applyCall(state, event);
    case 'artifact.published': {
      const { artifact: id, task, title, icon, node, content } = event.data;
      const others = state.artifacts.filter((artifact) => artifact.id !== id);
      return { ...state, artifacts: [...others, { id, task, title, icon, node, content }] };
    }
    case 'memory.remembered':
      return state;
    case 'message.sent': {
      const { message: id, text, task } = event.data;
      const { sequence, time: at } = event;
      return { ...state, messages: [...state.messages, { id, sequence, text, task, at }] };
    }
    case 'changes.undone':
      return { ...state, undone: [...new Set([...state.undone, ...event.data.restored])] };
    case 'run.paused':
    case 'run.resumed':
    case 'run.interrupted':
    case 'run.ended':
      return applyRun(state, event);
    default:
      return event satisfies never;
  }
}

function applyPlan(
  state: RunState,
  event: Event<'plan.proposed' | 'plan.approved' | 'plan.revised'>,
): RunState {
  switch (event.type) {
    case 'plan.proposed': {
      const { plan: ref, title, tasks, source, agents } = event.data;
      const plan = { ref, title, source, approved: false, ...(agents !== undefined && { agents }) };
      return { ...state, plan, tasks: tasks.map(queued) };
    }
    case 'plan.approved': {
      const plan = state.plan === null ? null : { ...state.plan, approved: true };
      return {
        ...state,
        plan,
        status: state.status.name === 'planning' ? { name: 'running' } : state.status,
      };
    }
    case 'plan.revised':
      return revise(state, event);
    default:
      return event satisfies never;
  }
}

/**
 * What is finished stays as it is; what is added stands behind the first of those that it comes in the place of, or behind the one that asked
 * for it, or where no task did at the end.
 */
function revise(state: RunState, { data, time }: Event<'plan.revised'>): RunState {
  const { plan: ref, source, note, dropped, changed } = data;
  const known = new Set(state.tasks.map(({ id }) => id));
  const added = data.added
    .filter(({ id }) => !known.has(id))
    .map((task) => ({ ...queued(task), ...(dropped.length > 0 && { insteadOf: dropped }) }));
  const first = state.tasks.findIndex(({ id }) =>
    dropped.length > 0 ? dropped.includes(id) : id === data.task,
  );
  const tasks = state.tasks.flatMap((task, place) => {
    const after = changed.find((change) => change.task === task.id)?.after;
    const gone: Partial<TaskState> = { status: { name: 'dropped', note }, endedAt: time, evidence: [] };
    const own = dropped.includes(task.id)
      ? { ...task, ...gone }
      : after === undefined
        ? task
        : { ...task, after };
    return place === first ? [own, ...added] : [own];
  });
  const last = first === -1 ? added : [];
  return {
    ...state,
    tasks: [...tasks, ...last],
    plan: state.plan === null ? null : { ...state.plan, ref, source },
  };
}

function applyRun(
  state: RunState,
  event: Event<'run.paused' | 'run.resumed' | 'run.interrupted' | 'run.ended'>,
): RunState {
  switch (event.type) {
    case 'run.paused':
      return { ...state, status: { name: 'paused', ...event.data, at: event.time } };
    case 'run.interrupted':
      return { ...state, status: { name: 'interrupted', exit: event.data.exit, at: event.time } };
    case 'run.resumed':
      return {
        ...state,
        approve: event.data.approve ?? state.approve,
        status: state.plan?.approved === true ? { name: 'running' } : { name: 'planning' },
      };
    case 'run.ended': {
      const tasks = state.tasks.map((task) => (isOpen(task) ? stopped(task, event.time) : task));
      const endings = state.endings + 1;
      return { ...state, tasks, endings, status: { name: 'ended', ...event.data, at: event.time } };
    }
    default:
      return event satisfies never;
  }
}

type TaskEvent = Event<
  | 'task.started'
  | 'step.started'
  | 'step.completed'
  | 'step.skipped'
  | 'evidence.recorded'
  | 'task.completed'
  | 'task.failed'
  | 'task.skipped'
  | 'task.edited'
  | 'model.routed'
>;

function applyTask(task: TaskState, event: TaskEvent): TaskState {
  switch (event.type) {
    case 'task.started': {
      const { attempt, key } = event.data;
      const startedAt = task.startedAt ?? event.time;
      return {
        ...task,
        attempt,
        key,
        startedAt,
        endedAt: null,
        steps: noSteps(),
        evidence: [],
        status: { name: 'running' },
      };
    }
    case 'step.started':
      return withStep(task, event.data.step, { status: 'current', startedAt: event.time });
    case 'step.completed': {
      const before = task.steps[event.data.step];
      const startedAt = before.status === 'current' ? before.startedAt : event.time;
      const { note, output } = event.data;
      return withStep(task, event.data.step, {
        status: 'done',
        startedAt,
        endedAt: event.time,
        note,
        output,
      });
    }
    case 'step.skipped':
      return withStep(task, event.data.step, {
        status: 'skipped',
        endedAt: event.time,
        note: event.data.note,
      });
    case 'evidence.recorded':
      return { ...task, evidence: event.data.claims };
    case 'task.completed':
      return { ...task, endedAt: event.time, status: { name: event.data.state } };
    case 'task.failed': {
      const { fault, retryAt, waits } = event.data;
      const waited = waits === true ? { waited: event.data.attempt } : {};
      if (retryAt !== null) return { ...task, ...waited, status: { name: 'retrying', retryAt, fault } };
      const compensate = [...(task.compensate ?? []), ...(event.data.compensate ?? [])];
      const owed = compensate.length === 0 ? {} : { compensate };
      return { ...task, ...owed, endedAt: event.time, status: { name: 'failed', fault } };
    }
    case 'task.skipped':
      return { ...task, endedAt: event.time, status: { name: 'skipped', note: event.data.note } };
    case 'task.edited':
      return { ...task, edited: event.data.arguments };
    case 'model.routed': {
      const { attempt, model, passedOver } = event.data;
      return { ...task, routed: [...(task.routed ?? []), { attempt, model, passedOver }] };
    }
    default:
      return event satisfies never;
  }
}

/** Attempts go on counting, so that no key is used twice; a question nobody answered is asked anew, and all of them after an end. */
function requeue(state: RunState, ids: readonly string[]): RunState {
  const isEnded = state.status.name === 'ended';
  const stands = ({ call, task }: ApprovalState) =>
    !isEnded && (!ids.includes(task) || state.calls[call]?.compensates !== undefined);
  const approvals = Object.fromEntries(
    Object.entries(state.approvals).filter(([, asked]) => asked.answer !== null || stands(asked)),
  );
  const tasks = state.tasks.map((task): TaskState => {
    if (!ids.includes(task.id)) return task;
    const again = { status: { name: 'queued' as const }, endedAt: null, steps: noSteps(), evidence: [] };
    return { ...task, ...again, ...(task.routed !== undefined && { requeued: task.attempt }) };
  });
  return {
    ...state,
    tasks,
    approvals,
    status: isEnded ? { name: 'running' } : state.status,
  };
}

function queued(task: PlannedTask): TaskState {
  const { id, title, tool, after, checks, ...others } = task;
  const fresh = {
    ...{ attempt: 0, key: null, startedAt: null, endedAt: null, edited: null },
    ...{ steps: noSteps(), calls: [], evidence: [] },
  };
  return { id, title, tool, after, checks, ...others, status: { name: 'queued' }, ...fresh };
}

function withStep(task: TaskState, step: StepName, state: StepState): TaskState {
  return { ...task, steps: { ...task.steps, [step]: state } };
}

function noSteps(): Steps {
  const later: StepState = { status: 'later' };
  return {
    plan: later,
    recall: later,
    'tool-select': later,
    execute: later,
    observe: later,
    reflect: later,
    verify: later,
    commit: later,
  };
}

function isOpen(task: TaskState): boolean {
  const name = task.status.name;
  return name === 'queued' || name === 'running' || name === 'waiting' || name === 'retrying';
}

function stopped(task: TaskState, at: string): TaskState {
  return { ...task, endedAt: task.attempt === 0 ? null : at, status: { name: 'stopped' } };
}

/** The step that is due next in the task's attempt; null when all eight are past. */
export function nextStep(task: TaskState): StepName | null {
  return (
    STEP_NAMES.find((name) => task.steps[name].status === 'later' || task.steps[name].status === 'current') ??
    null
  );
}
