import { parentPort, workerData } from 'node:worker_threads';
import { FaultError } from '@soma/schemas/event';
import { openInside } from '../tool-folder/index.ts';
import type { TableAnswer, TableRequest } from './message.ts';
import { surveyTable } from './survey.ts';

// A worker thread a table, so that a million rows never stall the thread that writes the ledger and serves the window.

/** How often the reading is told, in bytes. */
const NEWS = 16 * 1024 * 1024;

const answer = (news: TableAnswer) => parentPort?.postMessage(news);
if (isRequest(workerData)) await read(workerData);

async function read({ root, path }: TableRequest): Promise<void> {
  try {
    const { handle, stats } = await openInside(root, path);
    try {
      let told = 0;
      const table = await surveyTable(handle, path, (bytes) => {
        if (bytes - told < NEWS) return;
        told = bytes;
        answer({ type: 'read', bytes, size: stats.size });
      });
      answer({ type: 'done', table });
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    answer({ type: 'refused', fault: error.fault });
  }
}

function isRequest(data: unknown): data is TableRequest {
  return typeof data === 'object' && data !== null && 'root' in data && 'path' in data;
}
