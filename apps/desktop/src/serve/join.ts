import { setTimeout as pause } from 'node:timers/promises';
import { FaultError } from '@soma/schemas/event';
import { findHost } from '../composition/find-host.ts';
import { socketCalls } from './contract.ts';

/** How long, in milliseconds, a host that is starting is waited for. */
const PATIENCE_MS = 30_000;
const TRY_EVERY_MS = 50;

/**
 * Another host works on the data folder: shows its address for a browser and stays its client, so that it stays too, until it goes.
 * Throws HOST_UNREACHABLE when it does not answer and HOST_IN_WINDOW when it is a window's and serves no browser.
 */
export async function joinHost(dataFolder: string, announce: (url: string) => void): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  let pipe = await findHost(dataFolder);
  while (pipe === null && performance.now() < until) {
    await pause(TRY_EVERY_MS);
    pipe = await findHost(dataFolder);
  }
  if (pipe === null) throw new FaultError('HOST_UNREACHABLE', { dataFolder }, { when: 'now' });
  const answer = await socketCalls(pipe)
    .serve.address({})
    .catch(() => null);
  if (answer === null || !answer.ok) throw new FaultError('HOST_IN_WINDOW', { dataFolder });
  announce(answer.url);
  await new Promise<void>((resolve) => pipe.onClose(resolve));
}
