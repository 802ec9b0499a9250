import { existsSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExamResult } from '@soma/schemas/contract';
import { type Fault, fault } from '@soma/schemas/event';
import { z } from 'zod';
import { durably } from '../../failpoint/index.ts';
import { isCode, makeDirectory, syncDirectory, withFaults, writeWhole } from '../data-folder/index.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where a model is: at an endpoint, or in a file of the person's own, as it was when it was added. */
const Where = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('endpoint'),
    endpoint: z.string().min(1).max(80),
    address: z.url(),
    model: z.string().min(1).max(200),
  }),
  z.object({
    from: z.literal('file'),
    path: z.string().min(1),
    bytes: z.number().int().min(1),
    sha256: Sha256,
    model: z.string().min(1).max(200),
    contextTokens: z.number().int().min(64),
    /** As the file itself says. */
    licence: z.string().max(200).nullable(),
  }),
]);
export type Where = z.infer<typeof Where>;

/** A model that was added, as it is kept. A key is never in it: `key` says only that one was given, and to whom. */
export const AddedRecord = z.object({
  id: z.string().min(1).max(200),
  where: Where,
  key: z.enum(['none', 'keychain', 'session']),
  addedAt: z.iso.datetime(),
  /** `of` names what was examined: for anything else the result does not count. */
  exam: z.object({ version: z.number().int(), of: z.string(), result: ExamResult }).nullable(),
});
export type AddedRecord = z.infer<typeof AddedRecord>;

/** The name under which its key is kept: it names the server too, so that a list from elsewhere never sends a key to another one. */
export function keyNameOf({ id, where }: Pick<AddedRecord, 'id' | 'where'>): string {
  return where.from === 'file' ? id : `${id} ${new URL(where.address).origin}`;
}

const Kept = z.object({ version: z.literal(1), models: z.array(AddedRecord) });

/** What an examination's result is bound to. */
export function identityOf({ where }: Pick<AddedRecord, 'where'>): string {
  return where.from === 'file'
    ? `local ${where.sha256}`
    : `${where.endpoint} ${where.address} ${where.model}`;
}

export interface ReadRecords {
  readonly records: readonly AddedRecord[];
  /** MODEL_LIST_DAMAGED where the file was not what is written there: it was set aside then. */
  readonly fault: Fault | null;
}

export function readRecords(file: string, now: string): ReadRecords {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return { records: [], fault: null };
    return withFaults({ path: file }, () => {
      throw error;
    });
  }
  const kept = Kept.safeParse(parsed(text));
  if (kept.success) return { records: kept.data.models, fault: null };
  const aside = asideOf(file, now);
  withFaults({ path: file }, () =>
    durably('added.aside', () => {
      renameSync(file, aside);
      syncDirectory(dirname(file));
    }),
  );
  return { records: [], fault: fault('MODEL_LIST_DAMAGED', { path: aside }) };
}

export function writeRecords(file: string, records: readonly AddedRecord[]): void {
  withFaults({ path: file }, () =>
    durably('added.keep', () => {
      makeDirectory(dirname(file));
      writeWhole(file, `${JSON.stringify({ version: 1, models: records }, null, 2)}\n`);
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asideOf(file: string, now: string): string {
  const base = `${file}.damaged-${now.slice(0, 19).replaceAll(/[-:T]/g, '')}`;
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? base : `${base}-${number}`;
    if (!existsSync(path)) return path;
  }
}
