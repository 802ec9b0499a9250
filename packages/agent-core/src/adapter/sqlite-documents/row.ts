import { createHash } from 'node:crypto';

/** One row of `updates`. `before` is the sequence of the row before it in its document, 0 for none, so that a missing row shows. */
export interface UpdateRow {
  readonly tenant: string;
  readonly workspace: string;
  readonly document: string;
  readonly sequence: number;
  readonly payload: Buffer;
  readonly author: string;
  readonly kind: 'edit' | 'undo' | 'redo';
  readonly key: string | null;
  readonly step: string;
  readonly before: number;
  readonly checksum: Buffer;
}

/** SHA-256 over everything a row says, so that neither its bytes nor its place can change unseen. */
export function checksumOf(row: Omit<UpdateRow, 'checksum'>): Buffer {
  const { tenant, workspace, document, sequence, author, kind, key, step, before } = row;
  const head = JSON.stringify([tenant, workspace, document, sequence, author, kind, key, step, before]);
  return createHash('sha256').update(head).update('\n').update(row.payload).digest();
}

/** What is wrong with a row that follows `before` in its document, as a short code; null when nothing is. */
export function faultOfRow(row: UpdateRow, before: number): string | null {
  if (row.before !== before) return 'missing';
  // A damaged page may hold values of any type.
  if (!Buffer.isBuffer(row.payload) || !Buffer.isBuffer(row.checksum)) return 'checksum';
  return checksumOf(row).equals(row.checksum) ? null : 'checksum';
}
