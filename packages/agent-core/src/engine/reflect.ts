import { type Fault, fault, type Note, type RunEvent } from '@soma/schemas/event';
import type { AskedTask } from '@soma/schemas/plan';
import { offeredBy, type RunState, type TaskState } from '@soma/schemas/run';
import { extensionOf } from '../domain/extend.ts';
import { hasOthers, questionOf } from '../domain/revise.ts';
import { contextOf } from './memo.ts';
import { plannedTask, proposeRevision } from './revise.ts';
import { type Attempt, completed, failed, type StepResult, skipped, taskOf } from './step-result.ts';

/**
 * Whether what was found is enough. Where it is not, its plan's other way comes in its place, and nothing of it is verified; where its result
 * asks for further tasks, they come into the plan.
 */
export async function reflectStep(attempt: Attempt): Promise<StepResult> {
  const task = taskOf(attempt);
  const state = attempt.writer.state();
  const isDone = task.steps.execute.status === 'done';
  const answer = questionOf(state, task)?.answer?.answer;
  if (answer === 'rejected') return skipped({ code: 'plan-stays', data: {} });
  if (attempt.template.next !== undefined && isDone) return extend(attempt);
  if (!hasOthers(state, task)) return skipped({ code: 'plan-is-fixed', data: {} });
  if (attempt.template.enough === undefined || !isDone) return skipped({ code: 'other-way-there', data: {} });
  const context = await contextOf(attempt.memo, state, task);
  const enough = await attempt.parts.planner.enough(attempt.template, context);
  if (!enough.ok) return failed(enough.fault);
  // What a person was asked, and allowed, was weighed before.
  if (enough.value && answer !== 'approved') return completed({ code: 'found-enough', data: {} }, null);
  const reason: Note = { code: 'way-not-enough', data: { title: task.title } };
  const record = (events: readonly RunEvent[]) => attempt.writer.record(events);
  const revising = await proposeRevision(task, reason, { ...attempt, record });
  switch (revising.name) {
    case 'revised':
      return {
        ...completed({ code: 'plan-revised', data: {} }, null),
        after: [revising.event],
        stands: (now) => now.plan?.source.hash === state.plan?.source.hash,
      };
    case 'asked':
      return { name: 'waiting' };
    case 'refused':
      return skipped({ code: 'plan-stays', data: {} });
    case 'unrecorded':
      return { name: 'aborted' };
    default:
      return revising satisfies never;
  }
}

/** Brings the tasks that a result asks for into the plan; a task that claims something is done again behind them. */
async function extend(attempt: Attempt): Promise<StepResult> {
  const { parts, memo, writer, template } = attempt;
  const task = taskOf(attempt);
  const state = writer.state();
  if (state.tasks.some(({ from }) => from === task.id)) return skipped({ code: 'plan-stays', data: {} });
  const asked = await parts.planner.next(template, await contextOf(memo, state, task));
  if (!asked.ok) return failed(asked.fault);
  if (asked.value.length === 0) return completed({ code: 'nothing-more', data: {} }, null);
  const stranger = strangerIn(state, task, asked.value);
  if (stranger !== null) return failed(stranger);
  const plan = await memo.plan(state);
  const wish = extensionOf({ state, plan, task, template }, asked.value);
  if (wish === null) return skipped({ code: 'rounds-spent', data: {} });
  const read = await parts.planner.extend(plan, wish.templates);
  if (!read.ok) return failed(read.fault);
  const source = await parts.content.put(state.scope, read.source, 'application/yaml');
  const added = wish.templates.map((one) => ({ ...plannedTask(one), from: task.id }));
  const revised: RunEvent = {
    type: 'plan.revised',
    data: {
      ...{ task: task.id, attempt: task.attempt, added, source, weakened: [] },
      plan: { name: read.plan.name, version: read.plan.version, hash: read.hash },
      ...{ note: wish.note, dropped: [...wish.dropped], changed: [...wish.changed] },
      withdrawn: { claims: 0, checked: 0 },
    },
  };
  const note: Note = { code: 'plan-extended', data: { count: asked.value.length } };
  // What is done again is over here: its own words counted for nothing yet.
  const stands = (now: RunState) => now.plan?.source.hash === state.plan?.source.hash;
  if (wish.dropped.length > 0) return { ...completed(note, null), after: [revised], stands };
  return { ...completed(note, null, [revised]), stands };
}

/** An agent that a result names and that its task may not give work to. */
function strangerIn(state: RunState, { id, agent }: TaskState, asked: readonly AskedTask[]): Fault | null {
  const known = [
    ...new Set([...(agent === undefined ? [] : [agent]), ...offeredBy(state, id).map(({ name }) => name)]),
  ];
  const named = asked.flatMap((one) => one.agent ?? []).find((name) => !known.includes(name));
  return named === undefined ? null : fault('AGENT_UNKNOWN', { agent: named, known });
}
