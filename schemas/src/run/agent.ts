import type { RunAgent } from '../event/agent.ts';
import type { RunState } from './state.ts';

type Planned = Pick<RunState, 'plan' | 'tasks'>;

/** The agent whose task it is, as the run has it; null for a task of nobody's. */
export function agentOf({ plan, tasks }: Planned, id: string): RunAgent | null {
  const name = tasks.find((task) => task.id === id)?.agent;
  return plan?.agents?.find((agent) => agent.name === name) ?? null;
}

/** The agents that may be given tasks which the task's result asks for. */
export function offeredBy({ plan, tasks }: Planned, id: string): readonly RunAgent[] {
  const { offers } = tasks.find((task) => task.id === id) ?? {};
  if (offers === undefined) return [];
  return (plan?.agents ?? []).filter(({ name }) => offers === 'all' || offers.includes(name));
}

/**
 * Why a task may not use a tool: its agent may not (`agent-tools`), or the run has no such agent (`agent-unknown`). Null where no agent
 * stands in its way.
 */
export function agentRefuses(
  state: Planned,
  id: string,
  tool: string,
): 'agent-tools' | 'agent-unknown' | null {
  const name = state.tasks.find((task) => task.id === id)?.agent;
  if (name === undefined) return null;
  const agent = agentOf(state, id);
  if (agent === null) return 'agent-unknown';
  return agent.tools.includes(tool) ? null : 'agent-tools';
}
