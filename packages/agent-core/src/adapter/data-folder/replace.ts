import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import { durably, failpoint } from '../../failpoint/index.ts';
import { makeDirectory, removeWhole, syncDirectory, writeWhole } from './durable-file.ts';
import { isCode } from './fault.ts';

/** What is kept and can be restored; everything else in a data folder can be made again, or belongs to this computer. */
const KEPT =
  /^(?:(?:ledger|documents|memory)\.(?:db(?:-wal|-shm|-journal)?|mark)|content|plans|commands|added|backups|quarantine)$/;

/** What was agreed: these names go to the folder `aside`, a path inside the data folder, and those of the staging folder come. */
const Agreement = z.object({
  aside: z.string().min(1),
  leaving: z.array(z.string()),
  coming: z.array(z.string()),
});
type Agreement = z.infer<typeof Agreement>;

/** Where the new contents of a data folder are put together; what lies there counts for nothing until it is agreed. */
export function stagingFolder(folder: string): string {
  return join(folder, 'restoring');
}

function agreementAt(folder: string): string {
  return join(folder, 'restoring.json');
}

/** Drops what was put together and not agreed. */
export function clearStaging(folder: string): void {
  if (existsSync(agreementAt(folder)) || !existsSync(stagingFolder(folder))) return;
  durably('restore.clear', () => {
    rmSync(stagingFolder(folder), { recursive: true, force: true });
    syncDirectory(folder);
  });
}

/**
 * Puts what was staged in the place of everything that is kept, and that aside, whatever happens in between: from the moment the agreement
 * is on disk the new contents hold, and who opens the folder next finishes the work. Answers the absolute path of what was put aside, null when there was nothing.
 */
export function agreeToReplace(folder: string, time: string): string | null {
  const aside = join('replaced', time.replace(/[-:.]/g, ''));
  if (existsSync(join(folder, aside)))
    throw new FaultError('DATA_FOLDER_UNUSABLE', { path: join(folder, aside), reason: 'EEXIST' });
  const leaving = readdirSync(folder).filter((name) => KEPT.test(name));
  const coming = readdirSync(stagingFolder(folder)).filter((name) => KEPT.test(name));
  durably('restore.agree', () =>
    writeWhole(agreementAt(folder), `${JSON.stringify({ aside, leaving, coming } satisfies Agreement)}\n`),
  );
  finishReplacing(folder);
  return leaving.length === 0 ? null : join(folder, aside);
}

/** Does what is left of an agreement, and drops what was never agreed. Called by the owner before anything is opened. */
export function finishReplacing(folder: string): void {
  const agreement = readAgreement(folder);
  if (agreement !== null) durably('restore.swap', () => swap(folder, agreement));
  clearStaging(folder);
}

function swap(folder: string, { aside, leaving, coming }: Agreement): void {
  const place = join(folder, aside);
  if (leaving.length > 0) makeDirectory(place);
  for (const name of new Set([...leaving, ...coming])) {
    const [here, staged] = [join(folder, name), join(stagingFolder(folder), name)];
    // What is not staged any more stands in its place already.
    if (coming.includes(name) && !existsSync(staged)) continue;
    if (existsSync(here)) {
      renameSync(here, join(place, name));
      syncDirectory(place);
      syncDirectory(folder);
    }
    failpoint('restore.swap.aside');
    if (coming.includes(name)) {
      renameSync(staged, here);
      syncDirectory(folder);
    }
    failpoint('restore.swap.placed');
  }
  rmSync(stagingFolder(folder), { recursive: true, force: true });
  removeWhole(agreementAt(folder));
}

/** Null when nothing was agreed. It was written whole, so one that cannot be read was not written by us, or was damaged. */
function readAgreement(folder: string): Agreement | null {
  const path = agreementAt(folder);
  try {
    return Agreement.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      throw new FaultError('DATA_FOLDER_UNUSABLE', { path, reason: 'damaged' });
    throw error;
  }
}
