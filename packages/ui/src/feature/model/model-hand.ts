import type { ModelState } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import { useState } from 'react';
import { type ModelWish, useClient, useCommands } from '../../client/index.ts';

/** What a person can do about a model. */
export interface ModelHand {
  readonly fetch: () => void;
  readonly add: (path: string) => void;
  /** Asks for a file in the system's dialog and takes it; null where there is no such dialog. */
  readonly pick: (() => void) | null;
  readonly stop: () => void;
  readonly remove: () => void;
  /** A wish is on its way. */
  readonly busy: boolean;
  /** Why the last wish was refused. */
  readonly refused: Fault | null;
}

export function useModelHand({ model }: ModelState): ModelHand {
  const commands = useCommands();
  const { pickFile } = useClient().platform;
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Fault | null>(null);
  const send = async (wish: ModelWish) => {
    setBusy(true);
    const answer = await commands.model(model, wish);
    setBusy(false);
    setRefused(answer.ok ? null : answer.fault);
  };
  const picked = async (pick: () => Promise<string | null>) => {
    const path = await pick();
    if (path !== null) await send({ do: 'add', path });
  };
  return {
    fetch: () => void send({ do: 'fetch' }),
    add: (path) => void send({ do: 'add', path }),
    pick: pickFile === null ? null : () => void picked(pickFile),
    stop: () => void send({ do: 'stop' }),
    remove: () => void send({ do: 'remove' }),
    busy,
    refused,
  };
}
