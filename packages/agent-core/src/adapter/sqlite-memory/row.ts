import { createHash } from 'node:crypto';
import { CheckedClaim, Content, Sha256 } from '@soma/schemas/event';
import { z } from 'zod';
import type { MemoryEntry } from '../../port/index.ts';

/** One row of `memories`. `key` tells the tasks apart whose memories stand for each other. */
export interface MemoryRow {
  readonly position: number;
  readonly tenant: string;
  readonly workspace: string;
  readonly id: string;
  readonly run: string;
  readonly folder: string;
  readonly key: string;
  readonly payload: Buffer;
  readonly checksum: Buffer;
}

/** SHA-256 over everything a row says. */
export function checksumOf(row: Omit<MemoryRow, 'checksum' | 'position'>): Buffer {
  const { tenant, workspace, id, run, folder, key, payload } = row;
  const head = JSON.stringify([tenant, workspace, id, run, folder, key]);
  return createHash('sha256').update(head).update('\n').update(payload).digest();
}

/** Whether a row is as it was written. A damaged page may hold values of any type. */
export function isWhole(row: MemoryRow): boolean {
  const { payload, checksum } = row;
  return Buffer.isBuffer(payload) && Buffer.isBuffer(checksum) && checksumOf(row).equals(checksum);
}

export const Entry = z.object({
  id: z.string(),
  run: z.string(),
  task: z.string(),
  folder: z.string(),
  fingerprint: Sha256.nullable(),
  plan: Sha256,
  tool: z.string(),
  argumentsHash: Sha256,
  result: Content,
  tookMs: z.number(),
  claims: z.array(CheckedClaim),
  at: z.string(),
});

/** What a whole row remembers. */
export function entryOf(row: MemoryRow): MemoryEntry {
  return Entry.parse(JSON.parse(row.payload.toString('utf8')));
}

/** What is found by words: the texts of the claims and the lines they quote. */
export function wordsOf({ claims }: MemoryEntry): string {
  return claims.map(({ claim }) => `${claim.text}\n${claim.citation.quote}`).join('\n');
}
