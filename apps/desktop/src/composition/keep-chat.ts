import { join } from 'node:path';
import { AddedModelList, type Connected, type Where } from '@soma/agent-core/adapter/model-added';
import { ANTHROPIC } from '@soma/agent-core/adapter/model-anthropic/endpoint';
import { type ModelCatalogue, packagedCatalogue } from '@soma/agent-core/adapter/model-catalogue';
import {
  createLocalChat,
  inspectChatFile,
  type LocalChat,
  type ModelRun,
} from '@soma/agent-core/adapter/model-local';
import { ENDPOINTS, endpointOf } from '@soma/agent-core/adapter/model-openai/endpoints';
import { KeptSecrets, type Vault } from '@soma/agent-core/adapter/secrets';
import { systemClock } from '@soma/agent-core/adapter/system';
import { EXAM_VERSION, passedIn } from '@soma/agent-core/exam';
import type { ModelFinder, ModelProvider, OfferedRequest, SecretStore } from '@soma/agent-core/port';
import type { EndpointView, KnownOfModel } from '@soma/schemas/contract';
import { type Fault, FaultError } from '@soma/schemas/event';
import { UNKNOWN_ABILITIES } from '@soma/schemas/turn';

export interface ChatPlaces {
  /** Absolute path of the data folder. */
  readonly folder: string;
  readonly vault: Vault | null;
  readonly startModel: () => ModelRun;
  /** Milliseconds without a question after which a model of a file leaves memory; five minutes when left out. */
  readonly idleMs?: number;
}

/** The models that people add, their keys, and what there is to add. */
export interface KeptChat {
  readonly added: AddedModelList;
  readonly finder: ModelFinder;
  /** What was found wrong when the list was read. */
  readonly faults: readonly Fault[];
  close(): Promise<void>;
}

const IDLE_MS = 5 * 60_000;
const clock = systemClock;
const compatible = ENDPOINTS.map(({ id, name, address, local, key }) => ({ id, name, address, local, key }));
/** What nobody knows by name comes last. */
const endpoints: readonly EndpointView[] = [...compatible.slice(0, -1), ANTHROPIC, ...compatible.slice(-1)];
const UNKNOWN: KnownOfModel = {
  ...{ price: { input: null, output: null, cached: null }, contextTokens: null, outputTokens: null },
  ...{ abilities: UNKNOWN_ABILITIES, licence: null, source: null },
};

/** Asks nobody and starts nothing; what speaks to endpoints is loaded when one is first asked. */
export function keepChat({ folder, vault, startModel, idleMs = IDLE_MS }: ChatPlaces): KeptChat {
  const secrets = new KeptSecrets({ file: join(folder, 'keys.json'), vault });
  const known = createKnown();
  const added = new AddedModelList({
    ...{ dataFolder: folder, clock, secrets, endpoints, known },
    inspect: async (path, contextTokens) => ({
      from: 'file',
      ...(await inspectChatFile(path, contextTokens, new AbortController().signal)),
    }),
    connect: (where, secret) => connect(where, { secret, secrets, startModel, idleMs, known }),
    ...{ examVersion: EXAM_VERSION, passedIn },
  });
  const finder: ModelFinder = {
    endpoints: () => ({ endpoints, keychain: secrets.keychain() }),
    nearby: async (scope, signal) => {
      const { findNearby } = await compatibly();
      const found = await findNearby({ scope, clock, signal });
      return found.map((server) => ({
        ...server,
        endpointName: endpointOf(server.endpoint).name,
        models: [...server.models],
      }));
    },
    offered: (asked) => offered(asked, { added, secrets, known }),
  };
  return {
    ...{ added, finder, faults: added.fault === null ? [] : [added.fault] },
    close: () => added.close(),
  };
}

function compatibly() {
  return import('@soma/agent-core/adapter/model-openai');
}

function anthropic() {
  return import('@soma/agent-core/adapter/model-anthropic');
}

interface Means {
  readonly secret: string | null;
  readonly secrets: SecretStore;
  readonly startModel: () => ModelRun;
  readonly idleMs: number;
  readonly known: Known;
}

function connect(where: Where, { secret, secrets, startModel, idleMs, known }: Means): Connected {
  if (where.from === 'endpoint') {
    const { endpoint, address, model } = where;
    const to = { address, model, secret, secrets, clock };
    const { contextTokens, outputTokens } = known(endpoint, model) ?? UNKNOWN;
    const provider =
      endpoint === ANTHROPIC.id
        ? speaking(async () =>
            (await anthropic()).createAnthropicModel({ ...to, contextTokens, outputTokens }),
          )
        : speaking(async () => (await compatibly()).createOpenAIModel({ ...to, endpoint }));
    return { provider, close: () => Promise.resolve() };
  }
  const chat = createLocalChat({
    ...{ file: where, start: startModel, clock },
    connect: ({ address, key }, { model }) =>
      speaking(async () =>
        (await compatibly()).createOpenAIModel({
          ...{ endpoint: 'other', address, model, clock },
          // It is made anew with each process and never leaves this one.
          ...{ secret: 'process', secrets: { get: () => Promise.resolve(key) } },
        }),
      ),
  });
  return resting(chat, idleMs);
}

/** A model of a file that leaves memory when nobody asks it for a while; the next question loads it again. */
function resting(chat: LocalChat, idleMs: number): Connected {
  let asking = 0;
  let idle: NodeJS.Timeout | undefined;
  const { provider } = chat;
  return {
    provider: {
      ...provider,
      ask: async (request) => {
        clearTimeout(idle);
        asking += 1;
        try {
          return await provider.ask(request);
        } finally {
          asking -= 1;
          if (asking === 0) idle = setTimeout(() => void chat.close(), idleMs).unref();
        }
      },
    },
    close: async () => {
      clearTimeout(idle);
      await chat.close();
    },
  };
}

/** A model at an endpoint; what speaks to it is loaded with the first call. */
function speaking(make: () => Promise<ModelProvider>): ModelProvider {
  let made: Promise<ModelProvider> | null = null;
  const model = () => {
    made ??= make();
    return made;
  };
  return {
    describe: async (scope) => (await model()).describe(scope),
    ask: async (request) => (await model()).ask(request),
    embed: async (request) => (await model()).embed(request),
  };
}

async function offered(
  { scope, signal, endpoint, address, key, added }: OfferedRequest,
  here: {
    readonly added: AddedModelList;
    readonly secrets: SecretStore;
    readonly known: Known;
  },
) {
  if (endpoints.every(({ id }) => id !== endpoint))
    throw new FaultError('INVALID_INPUT', { field: 'endpoint' });
  const given = added === null || key !== null ? key : await keyOf(added);
  const asked = {
    ...{ ...(address === null ? {} : { address }), clock },
    ...{ secret: given === null ? null : 'given', secrets: { get: () => Promise.resolve(given) } },
  };
  const names =
    endpoint === ANTHROPIC.id
      ? await (await anthropic()).listAnthropicModels(asked, { scope, signal })
      : await (await compatibly()).listModels({ ...asked, endpoint }, { scope, signal });
  return names
    .filter((name) => name.length > 0 && name.length <= 200)
    .slice(0, 1000)
    .map((model) => ({ model, known: here.known(endpoint, model) ?? UNKNOWN }));

  /** A key goes where it was given for, and nowhere else. */
  async function keyOf(id: string): Promise<string | null> {
    const model = here.added.states(scope).find((one) => one.id === id);
    if (model === undefined) throw new FaultError('MODEL_NOT_ADDED');
    const usual = endpoints.find(({ id: one }) => one === endpoint)?.address ?? '';
    const wanted = (address ?? usual).replace(/\/+$/, '');
    if (model.endpoint !== endpoint || model.address !== wanted)
      throw new FaultError('INVALID_INPUT', { field: 'address' });
    const name = here.added.keyName(id);
    return name === null ? null : here.secrets.get(scope, name);
  }
}

type Known = (endpoint: string, model: string) => KnownOfModel | null;

/** What the packaged catalogue holds of a model, read when it is first asked. */
function createKnown(): Known {
  let catalogue: ModelCatalogue | null = null;
  return (endpoint, model) => {
    catalogue ??= packagedCatalogue();
    const entry = catalogue.find(endpoint, model);
    if (entry === null) return null;
    const { price, contextTokens, outputTokens, abilities, licence, source } = entry;
    return { price, contextTokens, outputTokens, abilities, licence, source };
  };
}
