import type { Fault } from '@soma/schemas/event';
import type { Table } from './table.ts';

/** What the worker is started with: the resolved folder, and the path of the file inside. */
export interface TableRequest {
  readonly root: string;
  readonly path: string;
}

/** News of the reading, or its end. `size` is that of the file, in bytes. */
export type TableAnswer =
  | { readonly type: 'read'; readonly bytes: number; readonly size: number }
  | { readonly type: 'done'; readonly table: Table }
  | { readonly type: 'refused'; readonly fault: Fault };
