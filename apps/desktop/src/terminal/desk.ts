import { setTimeout as pause } from 'node:timers/promises';
import type { Ids } from '@soma/agent-core/port';
import type { Refused } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import type { SocketCalls } from '../serve/contract.ts';
import type { Link } from './link.ts';
import type { Speech } from './speech.ts';

/** Everything a command needs. */
export interface Desk {
  readonly link: Link;
  readonly speech: Speech;
  readonly ids: Ids;
  /** Where relative paths start. */
  readonly startedIn: string;
  /** Aborts when the person wants to go. */
  readonly signal: AbortSignal;
}

/** How often a call is sent again, and the pause before, in milliseconds, while one host leaves and the next one comes. */
const TRIES = 40;
const PAUSE_MS = 250;

/**
 * Asks the host, and the next host when that one leaves meanwhile: ids are the caller's, so nothing is done twice. Throws the fault
 * of a refusal.
 */
export async function ask<Answer extends { ok: true }>(
  { link, signal }: Desk,
  make: (calls: SocketCalls) => Promise<Answer | Refused>,
): Promise<Answer> {
  for (let left = TRIES; ; left -= 1) {
    const answer = await make(link.current()).catch((error: unknown) => {
      // Whatever a host refuses is an answer; what rejects is a pipe that was lost.
      if (left === 0 || signal.aborted) throw error;
      return null;
    });
    if (answer?.ok === true) return answer;
    if (answer !== null && (left === 0 || answer.fault.code !== 'HOST_LEAVING')) {
      const { code, data, retry } = answer.fault;
      throw new FaultError(code, data, retry);
    }
    await pause(PAUSE_MS, undefined, { signal });
    await link.restored(signal);
  }
}
