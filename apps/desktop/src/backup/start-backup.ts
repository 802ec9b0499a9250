import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { BackupList } from '@soma/agent-core/adapter/data-backup';
import { systemClock } from '@soma/agent-core/adapter/system';
import type { BackupPhase, BackupsView, ProvenBackup } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { type BackupTask, BackupWord } from './message.ts';

/** The code of the thread, as it lies in the source tree. */
export const backupWorker = new URL('./worker.ts', import.meta.url);

/** The backups of one data folder: each is made in a thread of its own, one at a time. */
export interface Backups {
  readonly make: (request: { readonly id: string; readonly path: string }) => Promise<ProvenBackup>;
  /** Throws FaultError BACKUP_PLACE_REFUSED. */
  readonly list: (folder: string | null) => Promise<BackupsView>;
  readonly close: () => Promise<void>;
}

export function createBackups(
  worker: string | URL,
  { folder, product }: Pick<BackupTask, 'folder' | 'product'>,
): Backups {
  const over = new AbortController();
  let listing: Promise<BackupList> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let making: BackupsView['making'] = null;
  const begin = async (task: BackupTask) => {
    const started = { path: task.target, since: systemClock.now() };
    const onPhase = (phase: BackupPhase) => {
      making = { ...started, phase };
    };
    onPhase('copying');
    try {
      return await inThread(worker, task, { signal: over.signal, onPhase });
    } finally {
      making = null;
    }
  };
  return {
    make: ({ id, path }) => {
      const next = last.then(() => begin({ folder, target: path, id, product }));
      last = next.catch(() => undefined);
      return next;
    },
    list: async (asked) => {
      listing ??= openList(folder);
      const listed = await (await listing)(asked);
      return { ...listed, making };
    },
    close: async () => {
      over.abort();
      await last;
    },
  };
}

/** Not loaded until somebody asks: the window comes first. */
async function openList(folder: string): Promise<BackupList> {
  const [{ createBackupList }, { dataSchemas }] = await Promise.all([
    import('@soma/agent-core/adapter/data-backup'),
    import('./schemas.ts'),
  ]);
  return createBackupList({ folder, schemas: dataSchemas, clock: systemClock });
}

interface Watching {
  readonly signal: AbortSignal;
  readonly onPhase: (phase: BackupPhase) => void;
}

/** Ended with its host, it leaves no backup: what was half done has no name of a backup, and the next one to this place clears it. */
async function inThread(
  worker: string | URL,
  task: BackupTask,
  { signal, onPhase }: Watching,
): Promise<ProvenBackup> {
  if (signal.aborted) throw new FaultError('HOST_LEAVING', {}, { when: 'now' });
  const thread = new Worker(worker instanceof URL ? fileURLToPath(worker) : worker, { workerData: task });
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const said = await new Promise<Exclude<BackupWord, { type: 'phase' }>>((resolve, reject) => {
      thread.on('message', (message: unknown) => {
        const word = BackupWord.safeParse(message);
        if (!word.success) reject(word.error);
        else if (word.data.type === 'phase') onPhase(word.data.phase);
        else resolve(word.data);
      });
      thread.once('error', reject);
      thread.once('exit', () =>
        reject(
          signal.aborted
            ? new FaultError('HOST_LEAVING', {}, { when: 'now' })
            : new Error('the thread of the backup ended'),
        ),
      );
    });
    if (said.type === 'proven') return said.backup;
    throw new FaultError(said.fault.code, said.fault.data, said.fault.retry);
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.terminate();
  }
}
