import { parentPort, workerData } from 'node:worker_threads';
import { makeBackup } from '@soma/agent-core/adapter/data-backup';
import { systemClock } from '@soma/agent-core/adapter/system';
import type { BackupPhase } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { BackupTask, type BackupWord } from './message.ts';
import { dataSchemas } from './schemas.ts';

// A thread for each backup: reading and proving everything takes seconds, in which the host goes on with its work.

const say = (word: BackupWord) => parentPort?.postMessage(word);
try {
  const task = BackupTask.parse(workerData);
  const onPhase = (phase: BackupPhase) => say({ type: 'phase', phase });
  const backup = await makeBackup({ ...task, schemas: dataSchemas, clock: systemClock, onPhase });
  say({ type: 'proven', backup });
} catch (error) {
  if (!(error instanceof FaultError)) throw error;
  say({ type: 'refused', fault: error.fault });
}
