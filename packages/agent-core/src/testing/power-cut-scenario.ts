import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { ledgerSchema } from '../adapter/sqlite-ledger/index.ts';
import { inspectCrash } from './crash-oracle.ts';
import { type Found, prepare } from './crash-scenario.ts';
import { nextLedgerSchema } from './crash-work.ts';
import { temporaryFolder } from './local-store.ts';
import { type Change, Disk, type Node } from './power-cut-disk.ts';
import { type Operation, recordTrace, type Trace } from './power-cut-trace.ts';
import { type Random, seeded } from './random.ts';

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** What a disk writes whole or not at all, in bytes. */
const SECTOR = 512;

/** Where files lie in memory, if there is such a place: what flushing does is worked out here, not left to a real disk, which only takes time. */
const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : undefined;

/**
 * What the recorded child finds: as for a kill, or what a power cut left (`cut`), or nothing, and then it works until the write-ahead log was
 * taken into the database and begun again (`long`).
 */
export const RECORDED = ['new', 'cut', 'older', 'damaged', 'long'] as const;
export type Recorded = (typeof RECORDED)[number];

/** A recorded child, and what its judge must know. */
export interface Specimen {
  readonly kind: Recorded;
  readonly trace: Trace;
  /** What the journal held before the child began. */
  readonly journal: Buffer;
  /** What the child left, read from the real disk. */
  readonly left: Disk;
}

/**
 * Which flushes the disk makes: `every` one, as it should; or it says that it made those of `files`, or of `folders`, or of `none`, and
 * forgets the others.
 */
export type Flushes = 'every' | 'files' | 'folders' | 'none';

/** Lets a child make every durable write there is, and records it. */
export async function recordWork(kind: Recorded, seed: number): Promise<Specimen> {
  const { path, remove } = temporaryFolder(IN_MEMORY);
  const [disk, journal] = [join(path, 'disk'), join(path, 'journal')];
  try {
    if (kind === 'cut') await leaveCut({ disk, journal }, seed);
    else mkdirSync(disk);
    const folder = join(disk, 'data');
    const site = { folder, journal, schema: ledgerSchema };
    if (kind === 'older' || kind === 'damaged') await prepare(site, kind satisfies Found, seed);
    const before = readJournalBytes(journal);
    const command = [process.execPath, CHILD, '-', folder, journal, String(seed), ...workOf(kind)];
    const trace = recordTrace({ folder: disk, journal, command });
    // Made, taken up by and by, and closed.
    if (kind === 'long')
      expect(flushesByFile(trace.operations).get('/data/ledger.db')?.length).toBeGreaterThan(2);
    return { kind, trace, journal: before, left: Disk.read(disk) };
  } finally {
    remove();
  }
}

/** What a child is told: rounds, version of the ledger, and every how-manieth round; of two, none makes backups. */
function workOf(kind: Recorded): readonly string[] {
  if (kind === 'long') return ['120', 'current', '2'];
  return ['4', kind === 'older' ? 'next' : 'current', '1'];
}

async function leaveCut(place: { disk: string; journal: string }, seed: number): Promise<void> {
  const specimen = await recordWork('new', seed + 1);
  new PowerCuts(specimen).leave(seeded(seed), place);
}

/** Cuts the power of one recorded child, as often as one likes. */
export class PowerCuts {
  readonly #specimen: Specimen;
  /** When each operation was safe, whatever comes. */
  readonly #safe: readonly number[];
  readonly #flushes: readonly (readonly number[])[];

  constructor(specimen: Specimen, flushes: Flushes = 'every') {
    const { operations } = specimen.trace;
    this.#specimen = specimen;
    this.#safe = safeFrom(operations, flushes);
    this.#flushes = [...flushesByFile(operations).values()];
  }

  /** Puts on the real disk what is left, and the journal as far as it was written; answers when it was cut. */
  leave(random: Random, { disk, journal }: { disk: string; journal: string }): number {
    const { trace, journal: before } = this.#specimen;
    const at = this.#moment(random);
    this.#rebuild(at, random).write(disk);
    const lines = trace.journal.filter(({ ended }) => ended <= at).map(({ bytes }) => bytes);
    writeFileSync(journal, Buffer.concat([before, ...lines]));
    return at;
  }

  /** Cuts once and holds what is left against what was promised. Throws when anything acknowledged is missing or opening fails. */
  async judge(seed: number): Promise<void> {
    const { kind, trace } = this.#specimen;
    const { path, remove } = temporaryFolder(IN_MEMORY);
    const place = { disk: join(path, 'disk'), journal: join(path, 'journal') };
    try {
      const at = this.leave(seeded(seed), place);
      try {
        const schema = kind === 'older' ? nextLedgerSchema : ledgerSchema;
        const folder = join(place.disk, 'data');
        const mended = await inspectCrash({ folder, journal: place.journal, schema });
        if (kind !== 'damaged') expect(mended).toBeNull();
      } catch (cause) {
        const last = trace.operations.findLast(({ ended }) => ended <= at);
        const where = `${kind}, seed ${seed}, cut at ${at}, after ${last === undefined ? 'nothing' : toldOf(last)}`;
        throw new Error(`a power cut lost something: ${where}`, { cause });
      }
    } finally {
      remove();
    }
  }

  /**
   * When the power fails: half the time anywhere, half the time while a flush is under way, which is when most can be lost; the file is
   * drawn first, so that what is flushed seldom is cut as often as the rest.
   */
  #moment(random: Random): number {
    const { operations } = this.#specimen.trace;
    const end = Math.max(0, ...operations.map(({ ended }) => ended)) + 1;
    if (random.below(2) === 0) return random.below(end + 1);
    const file = this.#flushes[random.below(this.#flushes.length)] ?? [];
    return file[random.below(file.length)] ?? end;
  }

  /**
   * The disk after a power cut. What is assumed of it is what POSIX promises and no more: a file's bytes and size are safe once a flush of
   * that file has returned that began after they were written; a name (made, renamed, removed) once such a flush of its folder has
   * returned: flushing a new file does not make its name safe, though on ext4 it would. Of everything else any part
   * may have reached the disk: any subset of the changes, of a write any subset of its sectors, the later without the earlier. A rename comes
   * as a whole or not at all, and a write leaves the bytes beside it alone (SQLite's "powersafe overwrite").
   */
  #rebuild(at: number, random: Random): Disk {
    const { before, operations } = this.#specimen.trace;
    const disk = before.copy();
    // Of four; so that now and then all of it is lost, or nothing.
    const keep = { bytes: random.below(5), names: random.below(5) };
    for (const [n, operation] of operations.entries()) {
      if (operation.kind === 'sync' || operation.begun > at) continue;
      const isSafe = (this.#safe[n] ?? Number.POSITIVE_INFINITY) <= at;
      const kept = operation.kind === 'names' ? keep.names : keep.bytes;
      const survived = isSafe || random.below(4) < kept ? [operation] : torn(operation, kept, random);
      for (const change of survived) disk.apply(change);
    }
    return disk;
  }
}

/** What may be left of a change that did not survive as a whole. */
function torn(change: Change, kept: number, random: Random): Change[] {
  if (change.kind !== 'write' || kept === 0 || random.below(2) === 0) return [];
  const { node, offset, bytes } = change;
  const sectors: Change[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + SECTOR - ((offset + from) % SECTOR));
    sectors.push({ kind: 'write', node, offset: offset + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  if (random.below(2) === 0) return sectors.slice(0, random.below(sectors.length + 1));
  return sectors.filter(() => random.below(2) === 0);
}

/** The time from which nothing can undo each operation; never, when it was not flushed. */
function safeFrom(operations: readonly Operation[], flushes: Flushes): number[] {
  const made = new Map<Node, { begun: number; ended: number }[]>();
  for (const operation of operations) {
    if (operation.kind !== 'sync' || !(flushes === 'every' || flushes === `${operation.node.kind}s`))
      continue;
    made.set(operation.node, [...(made.get(operation.node) ?? []), operation]);
  }
  return operations.map((operation) => {
    const flushed = nodesOf(operation).map(
      (node) =>
        made.get(node)?.find(({ begun }) => begun > operation.ended)?.ended ?? Number.POSITIVE_INFINITY,
    );
    return Math.max(...flushed);
  });
}

function nodesOf(operation: Operation): Node[] {
  return operation.kind === 'names' ? operation.names.map(({ folder }) => folder) : [operation.node];
}

/** When flushes began, one list for each file and folder at the top, and one for all that lies in each folder. */
function flushesByFile(operations: readonly Operation[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const operation of operations) {
    if (operation.kind !== 'sync') continue;
    const { path, begun } = operation;
    const file = path.split('/').slice(0, 3).join('/');
    found.set(file, [...(found.get(file) ?? []), begun]);
  }
  return found;
}

function toldOf(operation: Operation): string {
  switch (operation.kind) {
    case 'names':
      return `names ${operation.names.map(({ name, node }) => `${name} ${node?.kind ?? 'gone'}`).join(', ')}`;
    case 'sync':
      return `flush of ${operation.path}`;
    case 'write':
      return `write of ${operation.bytes.length} bytes at ${operation.offset}`;
    case 'size':
      return `size ${operation.size}`;
  }
}

function readJournalBytes(journal: string): Buffer {
  return existsSync(journal) ? readFileSync(journal) : Buffer.alloc(0);
}
