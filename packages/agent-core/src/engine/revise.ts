import {
  type Content,
  FaultError,
  type Note,
  type PlannedTask,
  type RevisionQuestion,
  type RunEvent,
  runStream,
} from '@soma/schemas/event';
import type { PackagedPlan, TaskTemplate } from '@soma/schemas/plan';
import { evolve, type RunState, type TaskState } from '@soma/schemas/run';
import { mayRevise, questionOf, type Revised, reasonOf, revisionOf } from '../domain/revise.ts';
import type { RunMemo } from './memo.ts';
import type { Performing } from './outcome.ts';

/** The rule that a person, and nobody else, lets a check go. */
const RULE = 'checks-need-a-person';

/** What a revision came to: facts that still have to be committed, or a question that is on record, or a no to it. */
export type Revising =
  | { readonly name: 'revised'; readonly event: RunEvent }
  | { readonly name: 'asked' }
  | { readonly name: 'refused' }
  | { readonly name: 'unrecorded' };

export interface Reflecting extends Performing {
  readonly memo: RunMemo;
}

/** Brings in what the plan has in the place of a task that came to nothing, or asks a person whether it may. */
export async function revise(id: string, reflecting: Reflecting): Promise<void> {
  const { writer } = reflecting;
  const stands = (state: RunState, attempt: number) => {
    const now = state.tasks.find((one) => one.id === id);
    return now !== undefined && now.attempt === attempt && mayRevise(state, now);
  };
  const task = writer.state().tasks.find((one) => one.id === id);
  if (task === undefined) throw new FaultError('INTERNAL', { cause: 'revision' });
  const { attempt } = task;
  const followed = writer.state().plan?.source.hash;
  const revising = await proposeRevision(task, reasonOf(task), {
    ...reflecting,
    record: (events) => writer.record(events, (state) => stands(state, attempt)),
  });
  // What was brought into the plan meanwhile is in no file that was made before.
  if (revising.name === 'revised')
    await writer.record(
      [revising.event],
      (state) => stands(state, attempt) && state.plan?.source.hash === followed,
    );
}

export interface Proposing extends Reflecting {
  readonly record: (events: readonly RunEvent[]) => Promise<boolean>;
}

/** The plan with what it has in the place of a task. Where a check would go with it, only after a person said so. */
export async function proposeRevision(task: TaskState, note: Note, proposing: Proposing): Promise<Revising> {
  const { parts, writer, memo } = proposing;
  const { plan: followed } = writer.state();
  if (followed === null) throw new FaultError('INTERNAL', { cause: 'revision' });
  const plan = await memo.plan(writer.state());
  const wanted = plan.tasks.filter(({ id }) => task.otherwise?.includes(id) === true);
  const revised = revisionOf(writer.state(), task, { added: wanted.map(plannedTask), note });
  const asked = questionOf(writer.state(), task);
  if (revised.weakened.length > 0) {
    const shown = await parts.content.put(
      writer.state().scope,
      JSON.stringify(questionFor(task, revised)),
      'application/json',
    );
    if (asked?.answer?.answer === 'rejected') return { name: 'refused' };
    if (asked?.answer?.answer !== 'approved' || asked.arguments.hash !== shown.hash)
      return ask(task, shown, proposing);
  }
  const allowed = revised.weakened.length > 0 && asked !== undefined ? { allowedBy: asked.id } : {};
  const { ref, source } = followed;
  const event = { type: 'plan.revised', data: { ...revised, plan: ref, source, ...allowed } } as const;
  await makeRoom(event, proposing);
  return { name: 'revised', event };
}

/** The run's picture fits its plan before the plan is that: placing may be repeated, and what cannot be placed is no reason to stop. */
async function makeRoom(
  event: Extract<RunEvent, { type: 'plan.revised' }>,
  { parts, writer }: Proposing,
): Promise<void> {
  const { id, sequence, scope } = writer.state();
  const place = { id: 'revision', stream: runStream(id), sequence: sequence + 1, version: 1 } as const;
  const next = evolve(writer.state(), { ...event, ...place, time: parts.clock.now(), scope });
  if (next !== null) await parts.board.placeRun(next).catch(() => undefined);
}

/** A flag may say no for a person; yes is theirs alone. */
async function ask(task: TaskState, shown: Content, { writer, record }: Proposing): Promise<Revising> {
  const call = `${writer.state().id}.${task.id}.${task.attempt}.revision`;
  const approval = `${call}.approval`;
  const { id, attempt, tool } = task;
  const requested: RunEvent = {
    type: 'approval.requested',
    data: { ...{ approval, call, task: id, attempt, tool }, arguments: shown, rule: RULE, about: 'revision' },
  };
  if (writer.state().approve !== 'never')
    return { name: (await record([requested])) ? 'asked' : 'unrecorded' };
  const answered: RunEvent = {
    type: 'approval.answered',
    data: { approval, answer: 'rejected', argumentsHash: shown.hash, scope: 'once', by: 'flag' },
  };
  return { name: (await record([requested, answered])) ? 'refused' : 'unrecorded' };
}

/** What a person is shown of it. */
function questionFor({ id, title, checks }: TaskState, { note, added, weakened }: Revised): RevisionQuestion {
  return { note, dropped: [{ id, title, checks }], added, weakened };
}

/** A task of the plan's file as the graph has it. */
export function plannedTask(template: TaskTemplate): PlannedTask {
  const { id, title, tool, after, checks, otherwise, optional, agent, next } = template;
  const others = { ...(otherwise.length > 0 && { otherwise }), ...(optional && { optional }) };
  const offers = next?.agents;
  const given = { ...(agent !== undefined && { agent }), ...(offers !== undefined && { offers }) };
  return { id, title, tool, after, checks, ...others, ...given };
}

/** The tasks of the plan's file that a run begins with: all but those that come in the place of others. */
export function tasksAtFirst({ tasks }: PackagedPlan): readonly TaskTemplate[] {
  const others = new Set(tasks.flatMap(({ otherwise }) => otherwise));
  return tasks.filter(({ id }) => !others.has(id));
}
