import {
  type ApprovalScope,
  type ApproveMode,
  type EventData,
  type Fault,
  fault,
  type Note,
  type RunEvent,
} from '@soma/schemas/event';
import { openApprovals, type RunState } from '@soma/schemas/run';
import { type Dated, type ForkWish, forkEvents } from './fork.ts';
import { decideTask, type TaskCommand } from './task-command.ts';

/** What a person or the host may ask of a run. */
export type RunCommand =
  | { readonly type: 'submit'; readonly goal: EventData<'goal.submitted'> }
  | (ForkWish & { readonly type: 'fork' })
  | TaskCommand
  | { readonly type: 'pause'; readonly reason: 'person' | 'closing' | 'fault'; readonly fault: Fault | null }
  | { readonly type: 'resume'; readonly approve: ApproveMode | null; readonly handedOver: boolean }
  /** `parent`: the run that waited for this one and has ended; left out when a person stops it. */
  | { readonly type: 'stop'; readonly parent?: string }
  | { readonly type: 'interrupt' }
  /** `planHash` is that of the plan which `revision` goes on from: where the run follows another by now, nothing is recorded. */
  | {
      readonly type: 'say';
      readonly planHash: string;
      readonly message: EventData<'message.sent'>;
      readonly revision: EventData<'plan.revised'>;
    }
  /** What came of giving files their texts back, which was done already. */
  | { readonly type: 'record-undo'; readonly undone: EventData<'changes.undone'> }
  | {
      readonly type: 'answer';
      readonly approval: string;
      readonly argumentsHash: string;
      readonly answer: 'approved' | 'rejected';
      readonly by: 'person' | 'flag';
      readonly scope: ApprovalScope;
    };

export type Decided =
  | { readonly ok: true; readonly events: readonly Dated[] }
  | { readonly ok: false; readonly fault: Fault };

/** The one rule that turns a command into facts, from the state alone. It never looks at time, identity or the world. */
export function decide(state: RunState | null, command: RunCommand): Decided {
  if (command.type === 'submit')
    return state === null ? record({ type: 'goal.submitted', data: command.goal }) : refuse('ID_REUSED');
  if (command.type === 'fork') return state === null ? fork(command) : refuse('ID_REUSED');
  if (state === null) return refuse('RUN_UNKNOWN');
  if (command.type === 'record-undo') return recordUndo(state, command.undone);
  if ('task' in command) return decideTask(state, command);
  if (state.status.name === 'ended') return refuse('RUN_ENDED');
  switch (command.type) {
    case 'pause':
      return isWorking(state)
        ? record({ type: 'run.paused', data: { reason: command.reason, fault: command.fault } })
        : record();
    case 'interrupt':
      return interrupt(state);
    case 'resume':
      return resume(state, command);
    case 'stop':
      return record({ type: 'run.ended', data: { state: 'stopped', note: stopNote(command), fault: null } });
    case 'answer':
      return answer(state, command);
    case 'say':
      return say(state, command);
    default:
      return command satisfies never;
  }
}

function fork(wish: ForkWish): Decided {
  const events = forkEvents(wish);
  return events === null ? refuse('RUN_UNKNOWN') : { ok: true, events };
}

function recordUndo(state: RunState, undone: EventData<'changes.undone'>): Decided {
  if (state.status.name !== 'ended') return refuse('RUN_NOT_ENDED');
  return record({ type: 'changes.undone', data: undone });
}

/** Whether anything may be started for this run. */
export function isWorking(state: RunState): boolean {
  return state.status.name === 'planning' || state.status.name === 'running';
}

function stopNote({ parent }: Extract<RunCommand, { type: 'stop' }>): Note {
  if (parent === undefined) return { code: 'stopped-by-person', data: {} };
  return { code: 'stopped-with-parent', data: { run: parent } };
}

function interrupt(state: RunState): Decided {
  if (isWorking(state)) return record({ type: 'run.interrupted', data: { exit: 'unclean' } });
  const closed = state.status.name === 'paused' && state.status.reason === 'closing';
  return closed ? record({ type: 'run.interrupted', data: { exit: 'clean' } }) : record();
}

function resume(state: RunState, command: Extract<RunCommand, { type: 'resume' }>): Decided {
  const { approve, handedOver } = command;
  const from = handedOver ? 'hand-over' : heldBy(state);
  if (from === null) return refuse('RUN_NOT_PAUSED');
  // What a run at work waits for is an answer: without one in the command there is nothing to record, and nothing wrong.
  if (from === 'waiting' && approve === null) return record();
  return record({ type: 'run.resumed', data: { from, approve } }, ...answersByFlag(state, approve));
}

/** Why the run does not go on by itself; null when it does. */
function heldBy(state: RunState): 'paused' | 'interrupted' | 'waiting' | null {
  const { name } = state.status;
  if (name === 'paused' || name === 'interrupted') return name;
  return openApprovals(state).length > 0 ? 'waiting' : null;
}

/** What was asked before the flag was given is answered by it too. A flag never allows a check to be dropped: that is a person's. */
function answersByFlag(state: RunState, approve: ApproveMode | null): RunEvent[] {
  if (approve === null || approve === 'ask') return [];
  const answer = approve === 'all' ? 'approved' : 'rejected';
  return openApprovals(state)
    .filter(({ about }) => answer === 'rejected' || about !== 'revision')
    .map(({ id: approval, arguments: { hash: argumentsHash } }) => ({
      type: 'approval.answered',
      data: { approval, argumentsHash, answer, by: 'flag', scope: 'once' },
    }));
}

function answer(state: RunState, command: Extract<RunCommand, { type: 'answer' }>): Decided {
  const asked = state.approvals[command.approval];
  if (asked === undefined || asked.answer !== null) return refuse('APPROVAL_UNKNOWN');
  if (asked.arguments.hash !== command.argumentsHash) return refuse('APPROVAL_CHANGED');
  const { approval, argumentsHash, answer: given, by } = command;
  if (asked.about === 'revision' && command.scope === 'folder')
    return { ok: false, fault: fault('INVALID_INPUT', { path: 'reach.scope' }) };
  // Each revision is a question of its own.
  const scope = asked.about === 'revision' ? 'once' : command.scope;
  return record({ type: 'approval.answered', data: { approval, argumentsHash, answer: given, by, scope } });
}

function say(
  state: RunState,
  { planHash, message, revision }: Extract<RunCommand, { type: 'say' }>,
): Decided {
  if (state.plan?.approved !== true) return refuse('RUN_NOT_PLANNED');
  if (state.plan.source.hash !== planHash) return refuse('PLAN_CHANGED');
  return record({ type: 'message.sent', data: message }, { type: 'plan.revised', data: revision });
}

function record(...events: RunEvent[]): Decided {
  return { ok: true, events };
}

function refuse(code: Fault['code']): Decided {
  return { ok: false, fault: fault(code) };
}
