import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ProvenBackup } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { BackupAnswer, type BackupTask } from './message.ts';

/** The code of the thread, as it lies in the source tree. */
export const backupWorker = new URL('./worker.ts', import.meta.url);

/** Makes backups of one data folder, one at a time, each in a thread of its own. */
export function createBackups(
  worker: string | URL,
  { folder, product }: Pick<BackupTask, 'folder' | 'product'>,
): { make: (request: { id: string; path: string }) => Promise<ProvenBackup>; close: () => Promise<void> } {
  const over = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  return {
    make: ({ id, path }) => {
      const next = last.then(() => inThread(worker, { folder, target: path, id, product }, over.signal));
      last = next.catch(() => undefined);
      return next;
    },
    close: async () => {
      over.abort();
      await last;
    },
  };
}

/** Ended with its host, it leaves no backup: what was half done has no name of a backup, and the next one to this place clears it. */
async function inThread(worker: string | URL, task: BackupTask, signal: AbortSignal): Promise<ProvenBackup> {
  if (signal.aborted) throw new FaultError('HOST_LEAVING', {}, { when: 'now' });
  const thread = new Worker(worker instanceof URL ? fileURLToPath(worker) : worker, { workerData: task });
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const word = await new Promise<unknown>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', () =>
        reject(
          signal.aborted
            ? new FaultError('HOST_LEAVING', {}, { when: 'now' })
            : new Error('the thread of the backup ended'),
        ),
      );
    });
    const said = BackupAnswer.parse(word);
    if (said.type === 'proven') return said.backup;
    throw new FaultError(said.fault.code, said.fault.data, said.fault.retry);
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}
