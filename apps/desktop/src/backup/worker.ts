import { parentPort, workerData } from 'node:worker_threads';
import { makeBackup } from '@soma/agent-core/adapter/data-backup';
import { systemClock } from '@soma/agent-core/adapter/system';
import { FaultError } from '@soma/schemas/event';
import { type BackupAnswer, BackupTask } from './message.ts';
import { dataSchemas } from './schemas.ts';

// A thread for each backup: reading and proving everything takes seconds, in which the host goes on with its work.

const answer = (word: BackupAnswer) => parentPort?.postMessage(word);
try {
  const task = BackupTask.parse(workerData);
  answer({ type: 'proven', backup: await makeBackup({ ...task, schemas: dataSchemas, clock: systemClock }) });
} catch (error) {
  if (!(error instanceof FaultError)) throw error;
  answer({ type: 'refused', fault: error.fault });
}
