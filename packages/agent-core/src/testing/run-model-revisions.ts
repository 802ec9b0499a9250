import type { EventData, RecordedRunEvent } from '@soma/schemas/event';
import { evolve, openApprovals, type RunState, type TaskState, takeBackOf } from '@soma/schemas/run';
import { expect } from 'vitest';

/** Whenever a plan is revised: what is finished stays, nothing comes twice, and a check goes only by a person's word. */
export function judgeRevisions(events: readonly RecordedRunEvent[]): void {
  let state: RunState | null = null;
  const dropped = new Set<string>();
  for (const event of events) {
    const before: RunState | null = state;
    if (before !== null) judgeWaits(before, event);
    state = evolve(before, event);
    if (state === null || before === null) continue;
    if (event.type === 'plan.revised') {
      const isCopied = state.fork !== null && event.sequence <= state.fork.events;
      const earlier = events.slice(0, event.sequence);
      judgeRevision(event.data, { before, after: state, earlier, isCopied });
      for (const id of event.data.dropped) dropped.add(id);
    }
    const { tasks } = state;
    const come = tasks.filter(({ id, status }) => dropped.has(id) && status.name !== 'dropped');
    expect(come, 'what was dropped stays dropped').toEqual([]);
  }
}

/** Until a person has said which plan it is, nothing of either begins. */
function judgeWaits(state: RunState, event: RecordedRunEvent): void {
  if (event.type !== 'task.started') return;
  const open = openApprovals(state).filter(({ about }) => about === 'revision');
  expect(open, 'begun while a revision is asked about').toEqual([]);
}

interface Around {
  readonly before: RunState;
  readonly after: RunState;
  readonly earlier: readonly RecordedRunEvent[];
  /** The event was copied from the run that this one branched off. */
  readonly isCopied: boolean;
}

const FINISHED = ['verified', 'empty', 'unneeded'];

function judgeRevision(
  revised: EventData<'plan.revised'>,
  { before, after, earlier, isCopied }: Around,
): void {
  const of = (id: string) => before.tasks.find((task) => task.id === id);
  for (const task of before.tasks.filter(({ status }) => FINISHED.includes(status.name)))
    expect(
      after.tasks.find(({ id }) => id === task.id),
      'finished work is kept',
    ).toEqual(task);
  expect(after.tasks.length).toBe(before.tasks.length + revised.added.length);
  expect(
    revised.added.filter(({ id }) => of(id) !== undefined),
    'a task comes into a plan once',
  ).toEqual([]);
  const gone = revised.dropped.map(of).filter((task) => task !== undefined);
  expect(gone.length).toBe(revised.dropped.length);
  // That a branch's parent took back is not copied, and not the branch's to judge.
  if (!isCopied) for (const task of gone) expect(effectsOf(before, task), 'what it did stands').toEqual([]);
  const built = before.tasks.filter(({ after: needs }) => needs.some((id) => revised.dropped.includes(id)));
  const begun = built.filter(({ status }) => status.name !== 'queued' && status.name !== 'skipped');
  expect(begun, 'nothing is built on what is dropped').toEqual([]);
  const made = new Set(revised.added.flatMap(({ checks }) => checks));
  const weakened = gone.flatMap(({ id, checks }) => {
    const lost = checks.filter((check) => !made.has(check));
    return lost.length === 0 ? [] : [{ task: id, checks: lost }];
  });
  expect(revised.weakened, 'checks that go are named').toEqual(weakened);
  if (weakened.length === 0) return;
  const allowed = earlier.some(
    ({ type, data }) =>
      type === 'approval.answered' &&
      data.approval === revised.allowedBy &&
      data.answer === 'approved' &&
      data.by === 'person',
  );
  expect(allowed, 'a person let the checks go').toBe(true);
}

/** Calls of the task that changed something and were not taken back. */
function effectsOf({ calls }: RunState, { calls: ids }: TaskState): readonly string[] {
  return ids.filter((id) => {
    const call = calls[id];
    if (call?.outcome.name !== 'completed' || call.compensates !== undefined || call.risk === 'read')
      return false;
    return calls[takeBackOf(id)]?.outcome.name !== 'completed';
  });
}
