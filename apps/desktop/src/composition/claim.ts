import { setTimeout as pause } from 'node:timers/promises';
import { acquire, type OwnedFolder } from '@soma/agent-core/adapter/data-folder';
import { hostCalls } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { findHost } from './find-host.ts';

/** How long, in milliseconds, another host may take to finish its commit and go. */
const PATIENCE_MS = 30_000;
const TRY_EVERY_MS = 50;

/** The data folder is ours, and these runs were at work in the host that gave it up. */
export interface Claimed {
  readonly folder: OwnedFolder;
  readonly handedOver: readonly string[];
}

/** Makes the data folder this process's own; a host that works on it is asked to hand over. Throws HOST_UNREACHABLE when it stays. */
export async function takeOver(dataFolder: string): Promise<Claimed> {
  const until = performance.now() + PATIENCE_MS;
  const handedOver: string[] = [];
  while (performance.now() < until) {
    const found = acquire(dataFolder);
    if (found.owned) return { folder: found, handedOver };
    handedOver.push(...(await askToHandOver(dataFolder)));
    await pause(TRY_EVERY_MS);
  }
  throw new FaultError('HOST_UNREACHABLE', { dataFolder }, { when: 'now' });
}

/** The runs that were active there. None when nobody answers: then the host is starting, or going already. */
async function askToHandOver(dataFolder: string): Promise<readonly string[]> {
  const pipe = await findHost(dataFolder);
  if (pipe === null) return [];
  try {
    const answer = await hostCalls(pipe).host.handOver({});
    return answer.ok ? answer.runs : [];
  } catch {
    return [];
  } finally {
    pipe.close();
  }
}
