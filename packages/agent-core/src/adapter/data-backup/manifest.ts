import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BackupCounts } from '@soma/schemas/contract';
import { FaultError, Sha256 } from '@soma/schemas/event';
import { z } from 'zod';
import { DATA_FOLDER_FORMAT, isCode } from '../data-folder/index.ts';

/** Name of the file that says what a backup holds. */
export const MANIFEST = 'manifest.json';

/** Format of a backup. One of a higher format is refused. */
const FORMAT = 1;
const CHUNK = 1024 * 1024;

/** A path inside a backup that leads nowhere else. */
const Inside = z.string().regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\\0]+(?:\/[^/\\\0]+)*$/);

const BackedUpFile = z.object({ path: Inside, size: z.number().int().min(0), sha256: Sha256 });
export type BackedUpFile = z.infer<typeof BackedUpFile>;

const BackedUpDatabase = z.object({
  name: z.string(),
  version: z.number().int().min(1),
  head: z.number().int().min(0),
  digest: Sha256,
});
export type BackedUpDatabase = z.infer<typeof BackedUpDatabase>;

const Body = z.object({
  soma: z.literal('backup'),
  format: z.number().int().min(1),
  /** Format of the data folder it was made of. */
  dataFolder: z.number().int().min(1),
  /** Id of the command that asked for it. */
  id: z.string(),
  time: z.iso.datetime(),
  /** Version of the product that made it. */
  product: z.string(),
  databases: z.array(BackedUpDatabase),
  files: z.array(BackedUpFile),
  counts: BackupCounts,
});
type Body = z.infer<typeof Body>;
export type Manifest = Body;

/** Its text, with a checksum over everything else in it. */
export function manifestText(made: Omit<Body, 'soma' | 'format' | 'dataFolder'>): string {
  const body: Body = Body.parse({ soma: 'backup', format: FORMAT, dataFolder: DATA_FOLDER_FORMAT, ...made });
  return `${JSON.stringify({ ...body, checksum: checksumOf(body) }, null, 1)}\n`;
}

function checksumOf(body: Body): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

/** What a backup says it holds. Throws BACKUP_BROKEN, and DATA_FOLDER_NEWER for one of a newer build. */
export function readManifest(backup: string): Manifest {
  const refuse = (reason: string) =>
    new FaultError('BACKUP_BROKEN', { path: backup, reason, what: MANIFEST });
  let text: string;
  try {
    text = readFileSync(join(backup, MANIFEST), 'utf8');
  } catch (error) {
    throw refuse(isCode(error, 'ENOENT', 'ENOTDIR') ? 'not-a-backup' : 'unreadable');
  }
  const said = parsed(text);
  const { success, data: body } = Body.safeParse(said);
  const whole = success && z.object({ checksum: z.literal(checksumOf(body)) }).safeParse(said).success;
  if (!whole) throw refuse('not-a-backup');
  const found = Math.max(body.format, body.dataFolder);
  if (body.format > FORMAT || body.dataFolder > DATA_FOLDER_FORMAT)
    throw new FaultError('DATA_FOLDER_NEWER', { path: backup, found, known: DATA_FOLDER_FORMAT });
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads every file of a backup against its checksum. Throws BACKUP_BROKEN with the first that is not as it was written. */
export function checkFiles(backup: string, { files }: Pick<Manifest, 'files'>): void {
  for (const { path, size, sha256 } of files) {
    const file = join(backup, path);
    const refuse = (reason: string) => new FaultError('BACKUP_BROKEN', { path: backup, reason, what: path });
    try {
      if (statSync(file).size !== size || hashOfFile(file) !== sha256) throw refuse('checksum');
    } catch (error) {
      if (error instanceof FaultError) throw error;
      throw refuse(isCode(error, 'ENOENT', 'ENOTDIR') ? 'missing' : 'unreadable');
    }
  }
}

/** SHA-256 of a file in hex, read in parts. */
export function hashOfFile(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(CHUNK);
  const handle = openSync(path, 'r');
  try {
    for (;;) {
      const read = readSync(handle, chunk, 0, CHUNK, null);
      if (read === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
}
