import { connectHub } from '@soma/agent-core/room';
import { MessageChannelMain, utilityProcess } from 'electron';
import type { HubRun } from '../composition/kept-hub.ts';
import { greeted, type HubPlace } from '../hub/greeting.ts';

/** Starts the hub as a utility process. `file` is the absolute path of its built entry. Throws the fault it could not start for. */
export async function startHub(file: string, place: HubPlace): Promise<HubRun> {
  const { port1, port2 } = new MessageChannelMain();
  const child = utilityProcess.fork(file, [], { serviceName: 'SomaAgent hub', stdio: 'inherit' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
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
