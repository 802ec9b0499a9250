import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import type { Tool, ToolContext } from '../../port/index.ts';
import { FILE_LIMIT, openInside, readingTool, resolveFolder, walk } from '../tool-folder/index.ts';
import type { TableAnswer, TableRequest } from './message.ts';
import { Table } from './table.ts';

/** What the thread that reads may take, in megabytes; numbers kept for quartiles lie outside of it and have a bound of their own. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 };

/** Tables kept between calls, and how long after the last call, in milliseconds. */
const KEPT = 4;
const KEPT_MS = 60_000;

/** How the files end that a table may be named without. */
const TABLE = /\.(?:csv|tsv|jsonl|ndjson)$/;

/** `worker`: where the code of the thread that reads lies; a bundle says so. */
export function createReadTable(worker: string | URL): Tool {
  const kept = keepTables((request, context) => readInThread(worker, request, context));
  return readingTool({
    name: 'read_table',
    description:
      'Reads a table (CSV, TSV, semicolons, JSON lines) row by row: rows, columns with types, missing and different values, ranges with their lines, quartiles, outliers, the most frequent values, and what was not as it should be.',
    input: z.object({
      path: z.string().min(1).max(4096),
      /** Name or number of the column to be drawn, instead of the most telling one. */
      column: z.string().min(1).max(200).nullish(),
    }),
    output: Table,
    timeoutMs: 300_000,
    outputLimitBytes: 32 * 1024 * 1024,
    work: async ({ path: named, column }, context) => {
      const root = await resolveFolder(context.folder);
      const path = await pathNamed({ root, path: named }, context.signal);
      const known = await kept.of({ root, path }, context);
      const table = column == null ? known : { ...known, telling: columnNamed(known, column) };
      const data = { path, rows: table.rows, columns: table.columns.length };
      return { output: table, note: { code: 'table-read', data } };
    },
  });
}

/** The one table of the folder that a name stands for, with its ending or without; else the name itself. */
async function pathNamed({ root, path }: TableRequest, signal: AbortSignal): Promise<string> {
  if (/[\\/]/.test(path) || (await keyOf({ root, path })) !== null) return path;
  const { files } = await walk(root, { limit: FILE_LIMIT, signal });
  const name = path.toLowerCase();
  const meant = files.filter((file) => {
    const own = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
    return TABLE.test(own) && (own === name || own.replace(TABLE, '') === name);
  });
  return meant.length === 1 ? (meant[0] ?? path) : path;
}

/** Throws FaultError TABLE_COLUMN_UNKNOWN. */
function columnNamed({ columns, path }: Table, column: string): number {
  const found =
    columns.find(({ name }) => name === column) ?? columns.find(({ index }) => String(index) === column);
  if (found !== undefined) return found.index;
  const names = columns.slice(0, 20).map(({ name, index }) => name ?? String(index));
  throw new FaultError('TABLE_COLUMN_UNKNOWN', { path, column, columns: names.join(', ') });
}

type Reading = (request: TableRequest, context: Pick<ToolContext, 'signal' | 'progress'>) => Promise<Table>;

/** The tables read last, each as long as its file does not change: the tasks of one plan ask for the same one. */
function keepTables(read: Reading): { of: Reading } {
  const tables = new Map<string, Table>();
  let forgetting: NodeJS.Timeout | undefined;
  return {
    of: async (request, context) => {
      forgetting ??= setTimeout(() => tables.clear(), KEPT_MS).unref();
      forgetting.refresh();
      const key = await keyOf(request);
      const known = key === null ? undefined : tables.get(key);
      if (known !== undefined) return known;
      const table = await read(request, context);
      if (tables.size >= KEPT) tables.clear();
      // What changed while it was read is read again the next time.
      if (key !== null && key === (await keyOf(request))) tables.set(key, table);
      return table;
    },
  };
}

async function keyOf({ root, path }: TableRequest): Promise<string | null> {
  try {
    const { handle, stats } = await openInside(root, path);
    await handle.close();
    return [root, path, stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join('\0');
  } catch {
    return null;
  }
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
