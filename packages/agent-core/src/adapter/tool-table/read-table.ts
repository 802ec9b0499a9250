import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import type { Tool, ToolContext } from '../../port/index.ts';
import { readingTool, resolveFolder } from '../tool-folder/index.ts';
import type { TableAnswer, TableRequest } from './message.ts';
import { Table } from './table.ts';

/** What the thread that reads may take, in megabytes; numbers kept for quartiles lie outside of it and have a bound of their own. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 192 };

/** `worker`: where the code of the thread that reads lies; a bundle says so. */
export function createReadTable(worker: string | URL): Tool {
  return readingTool({
    name: 'read_table',
    description:
      'Reads a table (CSV, TSV, semicolons, JSON lines) row by row: rows, columns with types, missing and different values, ranges with their lines, quartiles, outliers, the most frequent values, and what was not as it should be.',
    input: z.object({ path: z.string().min(1).max(4096) }),
    output: Table,
    timeoutMs: 300_000,
    outputLimitBytes: 32 * 1024 * 1024,
    work: async ({ path }, context) => {
      const table = await readInThread(worker, { root: await resolveFolder(context.folder), path }, context);
      const data = { path, rows: table.rows, columns: table.columns.length };
      return { output: table, note: { code: 'table-read', data } };
    },
  });
}

function readInThread(
  worker: string | URL,
  request: TableRequest,
  { signal, progress }: Pick<ToolContext, 'signal' | 'progress'>,
): Promise<Table> {
  const code = worker instanceof URL ? fileURLToPath(worker) : worker;
  const thread = new Worker(code, { workerData: request, resourceLimits: LIMITS });
  const stop = () => void thread.terminate();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<Table>((resolve, reject) => {
    thread.on('message', (answer: TableAnswer) => {
      switch (answer.type) {
        case 'read': {
          const data = { path: request.path, bytes: answer.bytes };
          return progress({ note: { code: 'table-reading', data }, done: answer.bytes, total: answer.size });
        }
        case 'done':
          return resolve(answer.table);
        case 'refused':
          return reject(new FaultError(answer.fault.code, answer.fault.data, answer.fault.retry));
        default:
          return answer satisfies never;
      }
    });
    thread.on('error', reject);
    thread.on('exit', () => reject(signal.aborted ? signal.reason : new Error('the reading thread ended')));
  }).finally(() => {
    signal.removeEventListener('abort', stop);
    void thread.terminate();
  });
}
