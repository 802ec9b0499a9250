import type { RunAgent } from '@soma/schemas/event';
import type { ToolDescription } from '../port/index.ts';

/** What an answer may ask for: tools, and whose tasks they may be. */
export interface Offer {
  readonly tools: readonly ToolDescription[];
  /** The agent that is asked, whose tasks those are that name nobody; null where the turn is nobody's. */
  readonly self: RunAgent | null;
  /** Agents beside it that a task may be given to. */
  readonly others: readonly RunAgent[];
}

/** Of all the tools there are, those that the agent that is asked may use, or one that it may give a task to. */
export function offerOf(
  all: readonly ToolDescription[],
  {
    agent = null,
    offered = [],
  }: { readonly agent?: RunAgent | null; readonly offered?: readonly RunAgent[] },
): Offer {
  const others = offered.filter(({ name }) => name !== agent?.name);
  if (agent === null) return { tools: all, self: null, others };
  const may = new Set([agent, ...others].flatMap(({ tools }) => tools));
  return { tools: all.filter(({ name }) => may.has(name)), self: agent, others };
}

/** The agents that a task with this tool can be given to by name; none where there is nobody to choose from. */
export function agentsFor({ self, others }: Offer, tool: string): readonly string[] {
  if (others.length === 0) return [];
  const all = self === null ? others : [self, ...others];
  return all.flatMap(({ name, tools }) => (tools.includes(tool) ? [name] : []));
}

/** Why a task with this tool cannot be this agent's, in words for a model; null where it can. */
export function offerProblem({ self, others }: Offer, tool: string, named: string | null): string | null {
  const all = self === null ? others : [self, ...others];
  const agent = named === null ? self : all.find(({ name }) => name === named);
  if (agent === undefined) {
    const names = all.map(({ name }) => name).join(', ');
    return `there is no agent ${JSON.stringify(named)}.${names === '' ? '' : ` There are: ${names}.`}`;
  }
  if (agent === null || agent.tools.includes(tool)) return null;
  const may = all.flatMap(({ name, tools }) => (tools.includes(tool) ? [name] : []));
  return `${agent.name} may not use ${tool}.${may.length === 0 ? '' : ` These may: ${may.join(', ')}.`}`;
}

/** What a model is told of the agent that it is, and of those it may give tasks to; each with where it comes from. */
export function agentText({ self, others }: Offer, words: string): string {
  const own =
    self === null
      ? ''
      : `You work as the agent ${self.name}, as ${originOf(self)} says. It allows nothing beyond the rules above.\n${words}`;
  const named = others.map(
    (agent) => `${agent.name} (${originOf(agent)}): ${agent.description} Tools: ${agent.tools.join(', ')}.`,
  );
  const given =
    named.length === 0
      ? ''
      : `Give each task in "agent" to the one whose work it is; a task may use no tool but those of its agent.\n${named.join('\n')}`;
  return [own, given].filter((text) => text !== '').join('\n\n');
}

function originOf({ own, hash }: RunAgent): string {
  return `${own ? "a file of the person's" : 'a file of SomaAgent'}, ${hash.slice(0, 8)}`;
}
