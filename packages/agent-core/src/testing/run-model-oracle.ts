import { isDeepStrictEqual } from 'node:util';
import type { RecordedRunEvent } from '@soma/schemas/event';
import {
  evolve,
  fold,
  openApprovals,
  owedBy,
  phaseOf,
  projectSummary,
  RunState,
  type RunSummary,
} from '@soma/schemas/run';
import { expect } from 'vitest';
import type { Random } from './random.ts';
import { judgeRevisions } from './run-model-revisions.ts';
import type { Effect } from './run-model-world.ts';

/** What a run has come to: its whole log, its row, and the effects its tools' target has. */
export interface Judged {
  readonly events: readonly RecordedRunEvent[];
  readonly row: RunSummary | null;
  readonly effects: readonly Effect[];
  readonly random: Random;
}

/** Holds one run against every rule that must stand whatever happened to it. Answers its state. */
export function judgeRun({ events, row, effects, random }: Judged): RunState {
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  const state = fold(events);
  if (state === null) throw new Error('an empty run');
  judgeFold(events, state, random);
  judgeKeys(events, state);
  judgeEnds(events);
  judgeTakenBack(events);
  judgeRevisions(events);
  for (const effect of effects) judgeDecision(effect, events);
  judgeOnce(effects, events);
  let projected: RunSummary | null = null;
  for (const event of events) projected = projectSummary(projected, event);
  const segments = row?.segments ?? [];
  expect(row, 'the row is what its events project to').toEqual({ ...projected, segments });
  expect(row, 'the row is what the state says').toEqual(summaryOf(state, segments));
  return state;
}

/** The row of a run, from its state alone. */
function summaryOf(state: RunState, segments: number[]): RunSummary {
  const evidence = state.tasks.flatMap((task) => task.evidence);
  return {
    ...{ run: state.id, sequence: state.sequence, goal: (state.goal.inline ?? '').slice(0, 300) },
    ...{ folder: state.folder.id, folderPath: state.folder.path, canvas: state.canvas },
    plan: state.plan?.ref.name ?? null,
    phase: phaseOf(state),
    tasks: state.tasks.length,
    tasksVerified: state.tasks.filter(({ status }) => status.name === 'verified').length,
    claims: evidence.length,
    claimsChecked: evidence.filter(({ verdict }) => verdict.checked).length,
    waiting: openApprovals(state).length,
    decided: Object.values(state.approvals).filter(({ answer }) => answer !== null).length,
    submittedAt: state.submittedAt,
    endedAt: state.status.name === 'ended' ? state.status.at : null,
    endings: state.endings,
    parent: state.parent,
    segments,
    ...(state.fork !== null && { inherited: state.fork.events }),
  };
}

/** The same however the log is cut, stored in between, or heard twice. */
function judgeFold(events: readonly RecordedRunEvent[], state: RunState, random: Random): void {
  let split: RunState | null = null;
  for (const [index, event] of events.entries()) {
    split = evolve(split, event);
    const chance = random.below(12);
    if (chance === 0 && split !== null) split = RunState.parse(JSON.parse(JSON.stringify(split)));
    const heard = events[random.below(index + 1)];
    if (chance === 1 && heard !== undefined) split = evolve(split, heard);
  }
  expect(isDeepStrictEqual(split, state), 'folding in parts gives the same state').toBe(true);
}

function judgeKeys(events: readonly RecordedRunEvent[], { fork }: RunState): void {
  const keys: string[] = [];
  const attempts = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'task.started') continue;
    const { task, attempt, key } = event.data;
    keys.push(key);
    expect(attempt, 'attempts go on counting').toBe((attempts.get(task) ?? 0) + 1);
    attempts.set(task, attempt);
  }
  expect(new Set(keys).size, 'no key is used twice').toBe(keys.length);
  const copied = fork?.events ?? 0;
  const times = events.slice(copied).map(({ id }) => id);
  expect(new Set(times).size).toBe(times.length);
}

/** At each of its ends: verified means that every check was met. */
function judgeEnds(events: readonly RecordedRunEvent[]): void {
  let state: RunState | null = null;
  for (const event of events) {
    state = evolve(state, event);
    if (state === null) continue;
    for (const { status, evidence, steps, id } of state.tasks) {
      if (status.name !== 'verified') continue;
      expect(evidence.length, `${id} is verified by something`).toBeGreaterThan(0);
      expect(evidence.every(({ verdict }) => verdict.checked)).toBe(true);
      expect(evidence.every(({ claim }) => claim.citation.quote === `line ${claim.citation.line}`)).toBe(
        true,
      );
      expect(steps.verify.status).toBe('done');
    }
    if (event.type !== 'run.ended' || event.data.state !== 'verified') continue;
    const names = state.tasks.map(({ status }) => status.name);
    expect(names.filter((name) => !['verified', 'empty', 'unneeded', 'dropped'].includes(name))).toEqual([]);
    expect(names).toContain('verified');
  }
}

/** How a run ends of which nothing more is due. */
const ENDS: readonly string[] = [
  'tries-spent',
  'tasks-failed',
  'tasks-unverified',
  'tasks-left-out',
  'nothing-claimed',
  'ways-spent',
  'all-verified',
];

function owing(state: RunState) {
  return state.tasks.flatMap((task) => owedBy(state, task));
}

/** Only what a failed attempt left is taken back, once each, and a run that comes to its end by itself owes nothing. */
function judgeTakenBack(events: readonly RecordedRunEvent[]): void {
  let state: RunState | null = null;
  for (const event of events) {
    state = evolve(state, event);
    if (state === null) continue;
    const call = event.type === 'tool-call.decided' ? event.data.compensates : undefined;
    const { tasks } = state;
    if (call !== undefined)
      expect(tasks.some(({ compensate = [] }) => compensate.some((one) => one.call === call))).toBe(true);
    if (event.type !== 'run.ended' || !ENDS.includes(event.data.note.code)) continue;
    const owed = owing(state);
    expect(owed, 'still to be taken back').toEqual([]);
  }
}

/** Before an effect its call was allowed, on record: by the policy, or by an answer to what it asked. */
function judgeDecision({ call, seen }: Effect, events: readonly RecordedRunEvent[]): void {
  const before = events.filter(({ sequence }) => sequence <= seen);
  const decided = before.findLast((event) => event.type === 'tool-call.decided' && event.data.call === call);
  if (decided?.type !== 'tool-call.decided') throw new Error(`${call} took effect undecided`);
  if (decided.data.verdict === 'allow') return;
  const answered = before.some(
    (event) =>
      event.type === 'approval.answered' &&
      event.data.approval === `${call}.approval` &&
      event.data.answer === 'approved',
  );
  expect(answered && decided.data.verdict === 'ask', `${call} took effect unallowed`).toBe(true);
}

/** Unless a person wants a task done again, what it does to the world is done once. */
function judgeOnce(effects: readonly Effect[], events: readonly RecordedRunEvent[]): void {
  const done = effects.map(({ run, task, call, seen }) => {
    const again = events.filter(
      (event) => event.type === 'task.requeued' && event.sequence <= seen && event.data.tasks.includes(task),
    );
    const step = call.slice(call.lastIndexOf('.') + 1);
    // What takes back what one attempt did is that attempt's own, whenever it comes.
    return step.endsWith('-back') ? `${run} ${call}` : `${run} ${task} ${step} ${again.length}`;
  });
  expect(
    done.filter((one, index) => done.indexOf(one) !== index),
    'effects that happened twice',
  ).toEqual([]);
}
