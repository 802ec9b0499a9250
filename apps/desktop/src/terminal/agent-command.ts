import { resolve } from 'node:path';
import type { ListedAgent } from '@soma/schemas/contract';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';
import { sayFaults, textOf } from './typed-file.ts';
import type { Use } from './use.ts';

type AgentUse = Extract<Use, { verb: 'agent' }>;

/** Lists agents, or says of a file whether it is one. */
export function useAgents(desk: Desk, use: AgentUse): Promise<Exit> {
  switch (use.what) {
    case 'list':
      return listAgents(desk);
    case 'check':
      return checkAgent(desk, use.file);
    default:
      return use satisfies never;
  }
}

/** Two lines an agent: name, whose it is and title, then what it may use; below one that is not used, why. */
async function listAgents(desk: Desk): Promise<Exit> {
  const { agents } = await ask(desk, (calls) => calls.agent.list({}));
  const width = Math.max(...agents.map(({ name }) => name.length));
  for (const agent of agents) {
    for (const line of linesOf(desk, agent, width)) desk.speech.answer(line);
    sayFaults(desk, agent.path ?? agent.name, agent.faults);
  }
  return EXIT.done;
}

function linesOf({ speech: { translator } }: Desk, agent: ListedAgent, width: number): readonly string[] {
  const origin = agent.faults.length > 0 ? 'broken' : agent.own ? 'own' : 'packaged';
  const name = printable(agent.name).padEnd(width);
  const title = printable([agent.title, agent.description].filter((text) => text !== null).join(': '));
  const listed = translator.t('terminal.agent.listed', {
    ...{ name, title },
    origin: translator.t(`terminal.agent.${origin}`).padEnd(8),
  });
  if (agent.title === null) return [listed.trimEnd()];
  const tools = printable(agent.tools.join(', '));
  const may = { name: ''.padEnd(width), tools: tools === '' ? 'none' : tools };
  return [listed.trimEnd(), translator.t('terminal.agent.tools', may)];
}

/** Says of an agent file that it can be used, or everything that is wrong with it, each with its line. */
async function checkAgent(desk: Desk, file: string): Promise<Exit> {
  const { speech, startedIn } = desk;
  const source = textOf(resolve(startedIn, file));
  const { agent, faults } = await ask(desk, (calls) => calls.agent.check({ source }));
  if (agent !== null) speech.answer(speech.translator.t('terminal.agent.good', { agent: printable(agent) }));
  sayFaults(desk, file, faults);
  return agent === null ? EXIT.ended : EXIT.done;
}
