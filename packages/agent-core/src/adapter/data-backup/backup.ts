import { existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { BackupCounts, BackupPhase, ProvenBackup } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { durably, durablyAsync } from '../../failpoint/index.ts';
import type { Clock } from '../../port/index.ts';
import {
  type DatabaseSchema,
  flushFile,
  makeDirectory,
  storageFault,
  syncDirectory,
  throwFault,
  writeWhole,
} from '../data-folder/index.ts';
import { type CopiedDatabase, copyDatabase } from './copy-database.ts';
import { type CopiedTexts, copyTexts, copyTrees } from './copy-files.ts';
import {
  type BackedUpFile,
  checkFiles,
  hashOfFile,
  MANIFEST,
  manifestText,
  readManifest,
} from './manifest.ts';
import { stage } from './restore.ts';

export interface BackupRequest {
  /** Absolute path of the data folder; it may be in use. */
  readonly folder: string;
  /** Absolute path of the folder to make. */
  readonly target: string;
  /** Id of the command: sent again, it is answered as the first time. */
  readonly id: string;
  /** Version of the product. */
  readonly product: string;
  /** The databases, each after those that say what it needs to hold: first the ledger. */
  readonly schemas: readonly DatabaseSchema[];
  readonly clock: Clock;
  /** Told when a phase begins. */
  readonly onPhase?: (phase: BackupPhase) => void;
}

/**
 * Makes a backup of everything a data folder keeps and proves it: it is restored into an empty folder, opened by the code that opens data
 * folders, every row checked, and compared with what was read. Only then it gets its name. Throws BACKUP_PLACE_REFUSED,
 * BACKUP_BROKEN, DATABASE_DAMAGED, DISK_FULL, and leaves nothing then.
 */
export async function makeBackup(request: BackupRequest): Promise<ProvenBackup> {
  const { target, id, onPhase } = request;
  const made = madeBefore(request);
  if (made !== null) return made;
  const [part, proof] = [`${target}.soma-part`, `${target}.soma-proof`];
  const clear = () =>
    durably('backup.clear', () => {
      for (const path of [part, proof]) rmSync(path, { recursive: true, force: true });
    });
  try {
    checkPlace(request);
    clear();
    onPhase?.('copying');
    const counts = await write(request, part);
    onPhase?.('proving');
    const manifest = readManifest(part);
    await durablyAsync('backup.prove', () => prove(part, { ...request, target: proof }));
    checkFiles(part, manifest);
    durably('backup.settle', () => {
      rmSync(proof, { recursive: true, force: true });
      renameSync(part, target);
      syncDirectory(dirname(target));
    });
    return { path: target, time: manifest.time, counts };
  } catch (error) {
    if (!existsSync(target) || madeBefore({ target, id }) === null) clearQuietly(clear);
    return refuse(error, target);
  }
}

/** What could not be written cannot always be removed either; the next backup to this place does it. */
function clearQuietly(clear: () => void): void {
  try {
    clear();
  } catch (error) {
    if (storageFault(error) === null) throw error;
  }
}

/** The answer to the same command, when it was obeyed before. Throws BACKUP_PLACE_REFUSED when something else is there. */
function madeBefore({ target, id }: Pick<BackupRequest, 'target' | 'id'>): ProvenBackup | null {
  if (!existsSync(target)) return null;
  try {
    const manifest = readManifest(target);
    if (manifest.id === id) return { path: target, time: manifest.time, counts: manifest.counts };
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
  }
  throw new FaultError('BACKUP_PLACE_REFUSED', { path: target, why: 'taken' });
}

function checkPlace({ folder, target }: BackupRequest): void {
  if (!isAbsolute(target)) throw new FaultError('BACKUP_PLACE_REFUSED', { path: target, why: 'relative' });
  let above = resolve(target);
  while (!existsSync(above)) above = dirname(above);
  const way = relative(realpathSync(folder), join(realpathSync(above), relative(above, resolve(target))));
  if (!way.startsWith('..') && way !== resolve(target))
    throw new FaultError('BACKUP_PLACE_REFUSED', { path: target, why: 'inside' });
}

/** Leaves a whole backup at `part`. */
async function write(
  { folder, id, product, schemas, clock }: BackupRequest,
  part: string,
): Promise<BackupCounts> {
  durably('backup.clear', () => makeDirectory(part));
  const ends = { from: folder, to: part };
  const time = clock.now();
  // The ledger first: whatever it says was done elsewhere is there when that is copied.
  const databases: CopiedDatabase[] = [];
  for (const schema of schemas) {
    const copied = await copyDatabase(schema, ends);
    if (copied !== null) databases.push(copied);
  }
  const texts = copyTexts(ends);
  const plans = copyTrees(['plans'], ends);
  const commands = copyTrees(['commands'], ends);
  // The list of models that people added; their keys stay where they are.
  const added = copyTrees(['added'], ends);
  const files = [
    ...databases.map(({ name }) => sealed(part, `${name}.db`)),
    ...texts.files,
    ...plans,
    ...commands,
    ...added,
  ];
  const counts = countsOf({ databases, texts, plans, commands, files });
  const said = databases.map(({ name, version, head, digest }) => ({ name, version, head, digest }));
  const text = manifestText({ id, time, product, databases: said, files, counts });
  durably('backup.seal', () => writeWhole(join(part, MANIFEST), text));
  return counts;
}

function sealed(part: string, path: string): BackedUpFile {
  const file = join(part, path);
  durably('backup.seal', () => flushFile(file));
  return { path, size: statSync(file).size, sha256: hashOfFile(file) };
}

interface Copied {
  readonly databases: readonly CopiedDatabase[];
  readonly texts: CopiedTexts;
  readonly plans: readonly BackedUpFile[];
  readonly commands: readonly BackedUpFile[];
  readonly files: readonly BackedUpFile[];
}

function countsOf({ databases, texts, plans, commands, files }: Copied): BackupCounts {
  const of = (name: string) => databases.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
  return {
    ...{ events: of('events'), runs: of('runs'), documents: of('documents'), updates: of('updates') },
    memories: of('memories'),
    ...{ texts: texts.files.length, textsMissing: texts.missing, textsDamaged: texts.damaged },
    plans: plans.filter(({ path }) => !path.startsWith('plans/removed/')).length,
    commands: commands.filter(({ path }) => path.endsWith('.jsonl')).length,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
}

/** Restores the backup into an empty folder, as `soma restore` does, and drops that again. */
async function prove(part: string, { target, schemas, clock }: BackupRequest): Promise<void> {
  makeDirectory(target);
  await stage({ from: part, manifest: readManifest(part), to: target, schemas, clock });
}

function refuse(error: unknown, path: string): never {
  const known = storageFault(error);
  const there = error instanceof Error && 'path' in error && String(error.path).startsWith(path);
  if (known?.code === 'DATA_FOLDER_UNUSABLE' && there)
    throw new FaultError('BACKUP_PLACE_REFUSED', {
      path,
      why: 'unwritable',
      reason: known.data['reason'] ?? null,
    });
  return throwFault(error, { path });
}
