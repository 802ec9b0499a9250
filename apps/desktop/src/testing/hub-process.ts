import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connectHub } from '@soma/agent-core/room';
import type { HubRun } from '../composition/kept-hub.ts';
import { greeted, type HubPlace, HubPlace as Place } from '../hub/greeting.ts';
import { runHub } from '../hub/run-hub.ts';

// The hub as a process of plain Node, so that a test can stop it as the system can: imported it starts one, forked it is one.

/** A hub in a process of its own, and which one that is. */
export async function startHubProcess(place: HubPlace): Promise<HubRun & { readonly pid: number }> {
  const child = fork(import.meta.filename, { serialization: 'advanced' });
  const ended = once(child, 'exit').then(() => undefined);
  const word = once(child, 'message').then(([said]: unknown[]) => said);
  child.send(place);
  const told = await greeted(word, ended);
  const hub = connectHub({
    postMessage: (message) => {
      if (typeof message === 'object' && message !== null) child.send(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void ended.then(listener),
  });
  return { hub, told, ended, end: () => void child.kill('SIGKILL'), pid: child.pid ?? 0 };
}

if (process.argv[1] === import.meta.filename && process.send !== undefined) {
  process.once('message', (place) => {
    void runHub(
      {
        postMessage: (message) => void process.send?.(message),
        onMessage: (listener) => void process.on('message', listener),
        onClose: (listener) => void process.on('disconnect', listener),
      },
      Place.parse(place),
    ).then((greeting) => process.send?.(greeting));
  });
}
