import type { Tool } from '../../port/index.ts';
import { createReadTable } from './read-table.ts';

/** The code of the thread that reads, as it lies in the source tree. */
export const tableWorker = new URL('./worker.ts', import.meta.url);

/** The tool that reads tables, in a worker thread. A bundle says where the worker's code lies. */
export function createTableTools(worker: string | URL = tableWorker): readonly Tool[] {
  return [createReadTable(worker)];
}
