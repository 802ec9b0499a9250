import { readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import { durablyAsync } from '../../failpoint/index.ts';
import { isCode, makeDirectory, removeWhole, settle, writeWhole } from '../data-folder/index.ts';
import type { KnownModel } from './known-model.ts';
import type { Converted } from './wire.ts';

/** What is written beside a kept model; without it the file beside is none. */
const Kept = z.object({ bytes: z.number().int().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export type Kept = z.infer<typeof Kept>;

/** Where a model's files lie in the folder of models; `work` is a folder of its own for what is not finished. */
export interface Places {
  readonly model: string;
  readonly record: string;
  readonly work: string;
}

export function placesOf(folder: string, { model }: KnownModel): Places {
  const at = (ending: string) => join(folder, `${model}${ending}`);
  return { model: at('.gguf'), record: at('.json'), work: at('.part') };
}

/** What is kept of a model, if it is there whole as far as its length tells. */
export function readKept({ model, record }: Places): Kept | null {
  try {
    const kept = Kept.parse(JSON.parse(readFileSync(record, 'utf8')));
    return statSync(model).size === kept.bytes ? kept : null;
  } catch (error) {
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Makes the folder of what is not finished, empty. */
export async function beginWork({ work }: Places): Promise<void> {
  await durablyAsync('model.work', async () => {
    await rm(work, { recursive: true, force: true });
    makeDirectory(work);
  });
}

/** Takes what is not finished away. */
export async function endWork({ work }: Places): Promise<void> {
  await durablyAsync('model.work', () => rm(work, { recursive: true, force: true, maxRetries: 3 }));
}

/** Gives a finished file its place. It counts from when its record is written; a crash before leaves no model. */
export async function keep(places: Places, made: string, { bytes, sha256 }: Converted): Promise<Kept> {
  const kept: Kept = { bytes, sha256 };
  await durablyAsync('model.keep', async () => {
    settle(made, places.model);
    writeWhole(places.record, `${JSON.stringify(kept)}\n`);
  });
  return kept;
}

/** Deletes what is kept, the record first. Rejects with FaultError FILE_UNWRITABLE. */
export async function removeKept({ model, record }: Places): Promise<void> {
  try {
    await durablyAsync('model.remove', async () => {
      removeWhole(record);
      removeWhole(model);
    });
  } catch (error) {
    if (isCode(error, 'EACCES', 'EPERM', 'EROFS', 'EBUSY'))
      throw new FaultError('FILE_UNWRITABLE', { path: model });
    if (!isCode(error, 'ENOENT')) throw error;
  }
}
