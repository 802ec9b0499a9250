import { type Fault, FaultError, fault, type Note, type RunEvent } from '@soma/schemas/event';
import { askPolicy } from '../policy/index.ts';
import type { Performing } from './outcome.ts';
import { plannedTask, tasksAtFirst } from './revise.ts';
import { engineScope } from './writer.ts';

/** How often placing the run on its canvas is tried when its fault says that trying again may help. */
const MOST_TRIES = 3;

/** Chooses the packaged plan and records it whole. A goal no plan fits ends the run as failed, with the reason. */
export async function proposePlan({ parts, writer }: Performing): Promise<void> {
  const state = writer.state();
  const goal = (await parts.content.get(state.scope, state.goal)) ?? '';
  const chosen = await parts.planner.choose({ goal, requested: state.requestedPlan, slots: state.slots });
  if (!chosen.ok) {
    await writer.record([refusal(chosen.fault)]);
    return;
  }
  const { plan, hash } = chosen;
  const source = await parts.content.put(state.scope, chosen.source, 'application/yaml');
  const ref = { name: plan.name, version: plan.version, hash };
  const agents = await Promise.all(
    (chosen.agents ?? []).map(async ({ terms, words }) => {
      const instructions = await parts.content.put(state.scope, words, 'text/markdown');
      return { ...terms, instructions };
    }),
  );
  await writer.record([
    {
      type: 'plan.proposed',
      data: {
        ...{ plan: ref, title: plan.title, tasks: tasksAtFirst(plan).map(plannedTask), source },
        ...(agents.length > 0 && { agents }),
      },
    },
  ]);
}

/** Puts the run on its canvas and asks the policy whether the plan may be followed. */
export async function approvePlan({ parts, writer, signal }: Performing): Promise<void> {
  const state = writer.state();
  if (state.plan === null) return;
  await place(() => parts.board.placeRun(state));
  if (signal.aborted) return;
  const { name, version } = state.plan.ref;
  const asked = { run: state.id, kind: 'plan', name, tool: null, model: null } as const;
  const action = { ...asked, arguments: { name, version } };
  const where = { scope: engineScope(state), folder: parts.folderOf(state), canvas: state.canvas };
  const decision = await askPolicy({ ...action, ...where }, parts);
  if (decision.verdict === 'allow') {
    await writer.record([
      { type: 'plan.approved', data: { rule: decision.rule, policyHash: decision.policyHash } },
    ]);
    return;
  }
  await writer.record([refusal(fault('POLICY_DENIED', { rule: decision.rule, tool: name }))]);
}

/** Placing may be repeated: a hub that went away in the middle of it is another one at the next try. */
async function place(put: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await put();
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.retry.when !== 'now' || tries === MOST_TRIES)
        throw error;
    }
  }
}

function refusal(problem: Fault): RunEvent {
  const note: Note = { code: 'no-plan', data: {} };
  return { type: 'run.ended', data: { state: 'failed', note, fault: problem } };
}
