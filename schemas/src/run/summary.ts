import { z } from 'zod';
import { Parent } from '../event/goal.ts';
import type { RecordedEvent, RecordedRunEvent } from '../event/registry.ts';
import { EndState } from '../event/run.ts';
import { closeMoney, countMoney, type MoneyEvent, NO_MONEY, RunMoney } from './money.ts';
import type { RunState } from './state.ts';

/** What the outside sees of a run's state, with waiting and interruption told apart from work. */
export const RunPhase = z.enum([
  'planning',
  'running',
  'waiting',
  'paused',
  'interrupted',
  ...EndState.options,
]);
export type RunPhase = z.infer<typeof RunPhase>;

/** One row of the list of runs. Times are RFC 3339; counts are of tasks, of claims with passed checks and of all claims. */
export const RunSummary = z.object({
  run: z.string(),
  sequence: z.number().int(),
  goal: z.string(),
  folder: z.string(),
  folderPath: z.string(),
  canvas: z.string(),
  plan: z.string().nullable(),
  phase: RunPhase,
  tasks: z.number().int(),
  tasksVerified: z.number().int(),
  claims: z.number().int(),
  claimsChecked: z.number().int(),
  /** Questions a person has yet to answer, and those that were answered. */
  waiting: z.number().int(),
  decided: z.number().int(),
  submittedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** How often the run has ended. */
  endings: z.number().int(),
  /** The run that waits for it; null for one that a person started. */
  parent: Parent.nullable().default(null),
  /** The run's events behind which its log went on in a further segment. */
  segments: z.array(z.number().int().min(1)).default([]),
  /** What it took of models; left out where it asked none. */
  money: RunMoney.optional(),
  /** The ended run that its goal was said to. */
  follows: z.string().optional(),
  /** Its first events that are its parent's, of which it branched off. */
  inherited: z.number().int().min(1).optional(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** What to print or show of a run, by its state: the last line wins. */
export function phaseOf(state: RunState): RunPhase {
  const status = state.status;
  switch (status.name) {
    case 'ended':
      return status.state;
    case 'planning':
    case 'running':
      return openApprovals(state).length > 0 ? 'waiting' : status.name;
    case 'paused':
    case 'interrupted':
      return status.name;
    default:
      return status satisfies never;
  }
}

/** Approvals nobody has answered yet, oldest first. None once the run has ended. */
export function openApprovals(state: RunState) {
  if (state.status.name === 'ended') return [];
  return Object.values(state.approvals).filter((approval) => approval.answer === null);
}

/** What changes a run's row: an event of the run with its place in it, or that its log goes on elsewhere. */
export type RowEvent = RecordedRunEvent | Extract<RecordedEvent, { type: 'segment.begun' }>;

/**
 * The row after one more event, from the row before it alone, so that a store can keep it within the same commit. Null for an
 * event before *goal.submitted*.
 */
export function projectSummary(before: RunSummary | null, event: RowEvent): RunSummary | null {
  if (before === null) return event.type === 'goal.submitted' ? firstRow(event) : null;
  if (event.type === 'segment.begun')
    return { ...before, segments: [...new Set([...before.segments, event.data.after])] };
  if (event.sequence <= before.sequence) return before;
  return { ...before, ...change(before, event), sequence: event.sequence };
}

function firstRow(event: Extract<RecordedRunEvent, { type: 'goal.submitted' }>): RunSummary {
  const { run, goal, folder, canvas, fork, parent = null, follows } = event.data;
  return {
    run,
    sequence: event.sequence,
    goal: (goal.inline ?? '').slice(0, 300),
    folder: folder.id,
    folderPath: folder.path,
    canvas,
    plan: null,
    phase: 'planning',
    tasks: 0,
    tasksVerified: 0,
    claims: 0,
    claimsChecked: 0,
    waiting: 0,
    decided: 0,
    submittedAt: event.time,
    endedAt: null,
    endings: 0,
    parent,
    segments: [],
    ...(fork !== undefined && { inherited: fork.events }),
    ...(follows !== undefined && { follows }),
  };
}

function change(row: RunSummary, event: RecordedRunEvent): Partial<RunSummary> {
  switch (event.type) {
    case 'plan.proposed':
      return { plan: event.data.plan.name, tasks: event.data.tasks.length };
    case 'plan.revised': {
      const { added, withdrawn } = event.data;
      return {
        tasks: row.tasks + added.length,
        claims: row.claims - withdrawn.claims,
        claimsChecked: row.claimsChecked - withdrawn.checked,
      };
    }
    case 'plan.approved':
      return { phase: row.phase === 'planning' ? 'running' : row.phase };
    case 'task.completed':
      return event.data.state === 'verified' ? { tasksVerified: row.tasksVerified + 1 } : {};
    case 'evidence.recorded': {
      const checked = event.data.claims.filter((claim) => claim.verdict.checked).length;
      return { claims: row.claims + event.data.claims.length, claimsChecked: row.claimsChecked + checked };
    }
    case 'task.started': {
      const { claims, checked } = event.data.withdrawn ?? { claims: 0, checked: 0 };
      return { claims: row.claims - claims, claimsChecked: row.claimsChecked - checked };
    }
    case 'task.requeued': {
      const { verified, claims, checked, questions = 0 } = event.data.withdrawn;
      const waiting = row.waiting - questions;
      const isAnswered = questions > 0 && waiting === 0 && row.phase === 'waiting';
      return {
        tasksVerified: row.tasksVerified - verified,
        claims: row.claims - claims,
        claimsChecked: row.claimsChecked - checked,
        waiting,
        ...(row.endedAt === null && !isAnswered ? {} : { phase: 'running', endedAt: null }),
      };
    }
    case 'tool-call.decided':
    case 'tool-call.completed':
    case 'tool-call.failed':
      return paid(row, event);
    case 'approval.requested':
      return { waiting: row.waiting + 1, phase: 'waiting' };
    case 'approval.answered':
      return {
        waiting: row.waiting - 1,
        decided: row.decided + 1,
        phase: row.waiting === 1 && row.phase === 'waiting' ? 'running' : row.phase,
      };
    case 'run.paused':
      return { phase: 'paused' };
    case 'run.interrupted':
      return { phase: 'interrupted' };
    case 'run.resumed':
      return { phase: row.waiting > 0 ? 'waiting' : row.plan === null ? 'planning' : 'running' };
    case 'run.ended':
      return ended(row, event);
    default:
      return {};
  }
}

/** What a call took of models; what its parent took is the parent's. */
function paid(row: RunSummary, event: MoneyEvent): Partial<RunSummary> {
  if (event.sequence <= (row.inherited ?? 0)) return {};
  const before = row.money ?? NO_MONEY;
  const money = countMoney(before, event);
  return money === before ? {} : { money };
}

function ended(row: RunSummary, { data, time }: Extract<RecordedRunEvent, { type: 'run.ended' }>) {
  const money = row.money === undefined ? {} : { money: closeMoney(row.money, time) };
  return { phase: data.state, endedAt: time, endings: row.endings + 1, waiting: 0, ...money };
}
