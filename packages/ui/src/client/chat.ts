import type {
  AddedModel,
  EndpointView,
  Keychain,
  KeyKeeper,
  KnownOfModel,
  ModelsAway,
  ModelToAdd,
  NearbyServer,
  Refused,
} from '@soma/schemas/contract';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { mintId } from './commands.ts';
import { useClient } from './context.tsx';
import { ask } from './link.ts';
import { type Asked, useQuestion } from './question.ts';

/** How long what was found near stays said, in milliseconds; a person looks again when they want. */
const NEARBY_MS = 60_000;
/** How long a model that was added is waited for in the news, in milliseconds. */
const NEWS_MS = 2000;

/** The models that people added, in the order in which they are taken. */
export function useAddedModels(): readonly AddedModel[] {
  return useStore(useClient().workspace, ({ chat }) => chat);
}

/** Which of them are away now, and how many goals wait for one. */
export function useModelsAway(): ModelsAway {
  return useStore(useClient().workspace, ({ away }) => away);
}

/** What a form to add a model is filled from. */
export interface EndpointTable {
  readonly endpoints: readonly EndpointView[];
  readonly keychain: Keychain;
}

/** The endpoints that can be spoken to, and whether keys can be put into the system's keychain now. */
export function useEndpoints(): Asked<EndpointTable> {
  return useQuestion({
    key: ['chat', 'endpoints'],
    make: (calls) => calls.chat.endpoints({}),
    take: ({ endpoints, keychain }) => ({ endpoints, keychain }),
  });
}

/** Model servers that answer on this computer. */
export function useNearby(): Asked<readonly NearbyServer[]> {
  return useQuestion({
    key: ['chat', 'nearby'],
    fresh: NEARBY_MS,
    make: (calls) => calls.chat.nearby({}),
    take: ({ servers }) => servers,
  });
}

/** Whose list of models is asked for; a key given here goes to the host and nowhere else. */
export interface OfferedBy {
  readonly endpoint: string;
  readonly address: string | null;
  readonly key: string | null;
}

/** A model as an endpoint lists it. */
export interface OfferedModel {
  readonly model: string;
  readonly known: KnownOfModel;
}

/** A key, and where it is kept. */
export interface GivenKey {
  readonly key: string | null;
  readonly keep: KeyKeeper;
}

type Done = { readonly ok: true } | Refused;

/** What a person does with models of their own. A key is handed on and kept nowhere in the window. */
export interface ChatWays {
  /** Asks an endpoint for its list; this sends it the key. */
  readonly offered: (
    by: OfferedBy,
  ) => Promise<{ readonly ok: true; readonly models: readonly OfferedModel[] } | Refused>;
  /** Adds a model, begins to test it, and answers its id once the window knows it. */
  readonly add: (model: ModelToAdd) => Promise<{ readonly ok: true; readonly added: string } | Refused>;
  readonly giveKey: (added: string, given: GivenKey) => Promise<Done>;
  readonly prefer: (added: string) => Promise<Done>;
  readonly remove: (added: string) => Promise<Done>;
  readonly examine: (added: string) => Promise<Done>;
  readonly stopExam: (added: string) => Promise<Done>;
}

export function useChatWays(): ChatWays {
  const { link, workspace } = useClient();
  return useMemo(() => {
    const on = (what: 'prefer' | 'remove' | 'examine' | 'stopExam') => (added: string) => {
      const command = { id: mintId(), added };
      return ask(link, (calls) => calls.chat[what](command));
    };
    const known = (added: string) =>
      new Promise<void>((resolve) => {
        const isThere = () => workspace.getState().chat.some(({ id }) => id === added);
        const end = () => {
          clearTimeout(timer);
          stop();
          resolve();
        };
        const timer = setTimeout(end, NEWS_MS);
        const stop = workspace.subscribe(() => isThere() && end());
        if (isThere()) end();
      });
    return {
      offered: (by) => ask(link, (calls) => calls.chat.offered({ ...by, added: null })),
      add: async (model) => {
        const command = { id: mintId(), model };
        const answer = await ask(link, (calls) => calls.chat.add(command));
        if (!answer.ok) return answer;
        const added = answer.model.id;
        await known(added);
        // Why a test cannot begin is said by the model itself.
        await on('examine')(added);
        return { ok: true, added };
      },
      giveKey: (added, given) => {
        const command = { id: mintId(), added, ...given };
        return ask(link, (calls) => calls.chat.giveKey(command));
      },
      prefer: on('prefer'),
      remove: on('remove'),
      examine: on('examine'),
      stopExam: on('stopExam'),
    };
  }, [link, workspace]);
}
