import { connectHub } from '@soma/agent-core/room';
import { MessageChannelMain } from 'electron';
import type { HubRun } from '../composition/kept-hub.ts';
import { greeted, type HubPlace } from '../hub/greeting.ts';
import type { HubProcess } from './fork-hub.ts';

/** Sets the hub to work in its process. Throws the fault it could not start for. */
export async function startHub({ child, ended }: HubProcess, place: HubPlace): Promise<HubRun> {
  const { port1, port2 } = new MessageChannelMain();
  const word = new Promise<unknown>((resolve) => child.once('message', resolve));
  child.postMessage(place, [port2]);
  const told = await greeted(word, ended);
  const hub = connectHub({
    postMessage: (message) => port1.postMessage(message),
    onMessage: (listener) => {
      port1.on('message', ({ data }) => listener(data));
      port1.start();
    },
    onClose: (listener) => void ended.then(listener),
  });
  // Asking it to end would wait for its turn, which a process that hangs never takes.
  const end = () => void (child.pid !== undefined && process.kill(child.pid, 'SIGKILL'));
  return { hub, told, ended, end };
}
