import type { ListedAgent } from '@soma/schemas/contract';
import { type Fault, FaultError, fault } from '@soma/schemas/event';
import type { PackagedPlan } from '@soma/schemas/plan';
import { type AgentFile, type LoadedAgent, loadAgent } from '../agent/index.ts';
import type { PlanAgent } from '../engine/index.ts';
import type { AgentFileRead, AgentFiles, Hasher, ToolDescription } from '../port/index.ts';

/** A person's own agent file as it was read last. */
interface OwnAgent {
  readonly file: string;
  readonly path: string;
  readonly agent: AgentFile | null;
  readonly source: string | null;
  /** Everything that keeps it from being used. */
  readonly faults: readonly Fault[];
}

/** The agents there are: those that came with the product, and a person's own as their files are now. */
export interface Agents {
  /** Reads own files again; everything else answers as of the last time. */
  refresh(): Promise<void>;
  /** Those that can be used, by name; the same map for as long as none changes. */
  usable(): ReadonlyMap<string, PlanAgent>;
  list(): ListedAgent[];
  /** Why own agents could not be read at all; null when they could. */
  trouble(): Fault | null;
  load(source: string): LoadedAgent;
}

export interface AgentsParts {
  readonly tools: ReadonlyMap<string, ToolDescription>;
  readonly hasher: Hasher;
  /** The files that came with the product, each whole. */
  readonly sources: readonly string[];
  readonly files: AgentFiles;
}

export function createAgents({ tools, hasher, sources, files }: AgentsParts): Agents {
  const planAgent = ({ words, ...head }: AgentFile, source: string, own: boolean): PlanAgent => ({
    terms: { ...head, own, hash: hasher.sha256(source) },
    words,
  });
  const packaged = sources.map((source) => {
    // A tool that this host does not have is one that nobody can use.
    const loaded = loadAgent(source, null);
    if (!loaded.ok) throw new Error(`a packaged agent cannot be used: ${JSON.stringify(loaded.faults)}`);
    return planAgent(loaded.agent, source, false);
  });
  const names = new Set(packaged.map(({ terms }) => terms.name));
  let own: readonly OwnAgent[] = [];
  let read = '';
  let trouble: Fault | null = null;
  let usable = usableOf();

  function usableOf(): ReadonlyMap<string, PlanAgent> {
    const mine = own.flatMap(({ agent, source, faults }) =>
      agent === null || source === null || faults.length > 0 ? [] : [planAgent(agent, source, true)],
    );
    return new Map([...packaged, ...mine].map((one) => [one.terms.name, one]));
  }

  async function readAgain(): Promise<readonly AgentFileRead[]> {
    try {
      const now = await files.read();
      trouble = null;
      return now;
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      trouble = error.fault;
      return [];
    }
  }

  return {
    refresh: async () => {
      const now = await readAgain();
      const stamp = JSON.stringify(now);
      if (stamp === read) return;
      read = stamp;
      own = withNamesChecked(
        now.map((file) => ownAgent(file, tools)),
        names,
      );
      usable = usableOf();
    },
    usable: () => usable,
    list: () => [...packaged.map(listedPackaged), ...own.map(listedOwn)],
    trouble: () => trouble,
    load: (source) => loadAgent(source, tools),
  };
}

/** The agents that a plan's tasks are, or may be given to; a plan that names one which is not there was refused before. */
export function agentsOf({ tasks }: PackagedPlan, usable: ReadonlyMap<string, PlanAgent>): PlanAgent[] {
  const offers = tasks.flatMap(({ next }) => (next?.agents === undefined ? [] : [next.agents]));
  if (offers.includes('all')) return [...usable.values()];
  const named = new Set([...tasks.flatMap(({ agent }) => agent ?? []), ...offers.flat()]);
  return [...usable.values()].filter(({ terms }) => named.has(terms.name));
}

function ownAgent(given: AgentFileRead, tools: AgentsParts['tools']): OwnAgent {
  const { file, path } = given;
  if (given.source === undefined) return { file, path, agent: null, source: null, faults: [given.fault] };
  const loaded = loadAgent(given.source, tools);
  return loaded.ok
    ? { file, path, agent: loaded.agent, source: given.source, faults: [] }
    : { file, path, agent: null, source: given.source, faults: loaded.faults };
}

/** A name is used only where exactly one agent has it, and never where it is a packaged one's: nobody is asked as another than was meant. */
function withNamesChecked(own: readonly OwnAgent[], packaged: ReadonlySet<string>): readonly OwnAgent[] {
  return own.map((one) => {
    const { agent } = one;
    if (agent === null) return one;
    if (packaged.has(agent.name)) return taken(one, { agent: agent.name, why: 'packaged' });
    const other = own.find((each) => each !== one && each.agent?.name === agent.name);
    return other === undefined ? one : taken(one, { agent: agent.name, why: 'twice', path: other.path });
  });
}

function taken(one: OwnAgent, data: Fault['data']): OwnAgent {
  return { ...one, faults: [fault('AGENT_NAME_TAKEN', data)] };
}

function listedPackaged({ terms }: PlanAgent): ListedAgent {
  const { name, title, description, tools, own } = terms;
  return { name, title, description, tools, own, path: null, faults: [] };
}

function listedOwn({ file, path, agent, faults }: OwnAgent): ListedAgent {
  const shared = { own: true, path, faults: [...faults] };
  if (agent === null)
    return { ...shared, name: file.replace(/\.md$/i, ''), title: null, description: null, tools: [] };
  const { name, title, description, tools } = agent;
  return { ...shared, name, title, description, tools };
}
