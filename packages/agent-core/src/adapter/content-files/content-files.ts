import { createHash } from 'node:crypto';
import { statSync, unlinkSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Content, FaultError, INLINE_LIMIT, type Scope } from '@soma/schemas/event';
import { durably, durablyAsync, failpoint } from '../../failpoint/index.ts';
import type { ContentStore } from '../../port/index.ts';
import { isCode, throwFault } from '../data-folder/index.ts';

/** Largest text, in bytes of UTF-8, that is stored when nothing else is said: 64 MiB. */
export const DEFAULT_CONTENT_LIMIT = 64 * 1024 * 1024;

const HASH = /^[0-9a-f]{64}$/;
const DAY_MS = 24 * 3600 * 1000;

export interface ContentFilesOptions {
  /** Absolute path of the folder that holds the files; created when needed. */
  readonly folder: string;
  /** Largest text in bytes of UTF-8. */
  readonly limitBytes?: number;
}

/** What a collection removed. */
export interface Collected {
  readonly files: number;
  readonly bytes: number;
}

/** What a collection may remove. */
export interface Collection {
  /** Files put at this time (RFC 3339) or later stay, since the commit that names them may still be on the way. */
  readonly before: string;
  /** Most texts looked at. */
  readonly limit: number;
  /** Those of the hashes that nothing names. */
  readonly unnamed: (hashes: ReadonlySet<string>) => Promise<ReadonlySet<string>>;
}

/**
 * Texts as files named by their hash, `ab/abcd...`, each workspace by itself. A file appears whole or not at all, and its time is that of
 * its last `put`.
 */
export class ContentFiles implements ContentStore {
  readonly #folder: string;
  readonly #limit: number;
  readonly #writing = new Map<string, Promise<void>>();
  #parts = 0;

  constructor({ folder, limitBytes = DEFAULT_CONTENT_LIMIT }: ContentFilesOptions) {
    this.#folder = folder;
    this.#limit = limitBytes;
  }

  async put(scope: Scope, text: string, mediaType: string): Promise<Content> {
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length > this.#limit) {
      throw new FaultError('TOOL_OUTPUT_TOO_LARGE', { size: bytes.length, limit: this.#limit });
    }
    const content = { hash: hashOf(bytes), size: bytes.length, mediaType };
    // Decoded again, because a lone surrogate has no bytes of its own: text and hash must agree.
    if (bytes.length <= INLINE_LIMIT) return { ...content, inline: bytes.toString('utf8') };
    const path = this.#path(scope, content.hash);
    const writing = this.#writing.get(path) ?? durablyAsync('content.put', () => this.#write(path, bytes));
    this.#writing.set(path, writing);
    try {
      await writing;
    } catch (error) {
      throwFault(error, { hash: content.hash, size: bytes.length });
    } finally {
      this.#writing.delete(path);
    }
    return content;
  }

  async get(scope: Scope, content: Content): Promise<string | null> {
    const bytes =
      content.inline === undefined ? await this.#read(scope, content.hash) : Buffer.from(content.inline);
    if (bytes === null) return null;
    if (hashOf(bytes) !== content.hash) {
      throw new FaultError('DATABASE_DAMAGED', {
        database: 'content',
        hash: content.hash,
        reason: 'checksum',
      });
    }
    return bytes.toString('utf8');
  }

  async erase(scope: Scope, hash: string): Promise<void> {
    const path = this.#path(scope, hash);
    try {
      await durablyAsync('content.erase', () => remove(path));
    } catch (error) {
      throwFault(error, { hash });
    }
  }

  /**
   * Removes old texts that nothing names, and what a crash left half written. Looks at no more than `limit` texts, beginning each day at
   * another shelf, so that in time every one is looked at.
   */
  async collect(scope: Scope, { before, limit, unnamed }: Collection): Promise<Collected> {
    const until = Date.parse(before);
    const old = await this.#old(this.#root(scope), { until, limit });
    const gone = await unnamed(new Set([...old.keys()].filter((name) => HASH.test(name))));
    const paths = [...old].filter(([name]) => gone.has(name) || !HASH.test(name)).map(([, path]) => path);
    const found = { files: 0, bytes: 0 };
    for (const path of paths) {
      const bytes = durably('content.collect', () => removeOlder(path, until));
      if (bytes === null) continue;
      found.files += 1;
      found.bytes += bytes;
    }
    return found;
  }

  /** Files that were put before, by their names. */
  async #old(root: string, { until, limit }: { until: number; limit: number }): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const shelves = (await list(root)).sort();
    const first = shelves.length === 0 ? 0 : Math.floor(until / DAY_MS) % shelves.length;
    for (const shelf of [...shelves.slice(first), ...shelves.slice(0, first)]) {
      for (const name of await list(join(root, shelf))) {
        if (found.size >= limit) return found;
        const path = join(root, shelf, name);
        if ((await stat(path)).mtimeMs < until) found.set(name, path);
      }
    }
    return found;
  }

  async #read(scope: Scope, hash: string): Promise<Buffer | null> {
    try {
      return await readFile(this.#path(scope, hash));
    } catch (error) {
      return isCode(error, 'ENOENT') ? null : throwFault(error, { hash });
    }
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    await makeDirectories(dirname(path));
    // Also when the text is there: whatever became of its file, and however long ago it was put, it is whole and new afterwards.
    const part = `${path}.${process.pid}${this.#parts++}.part`;
    try {
      await writeSynced(part, bytes);
      failpoint('content.put.written');
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    failpoint('content.put.renamed');
    await syncFolder(dirname(path));
  }

  #path(scope: Scope, hash: string): string {
    if (!HASH.test(hash)) throw new FaultError('INVALID_INPUT', { path: 'hash' });
    return join(this.#root(scope), hash.slice(0, 2), hash);
  }

  /** Names of tenants and workspaces may hold anything, so the folder is named by their hash. */
  #root({ tenant, workspace }: Scope): string {
    return join(this.#folder, hashOf(Buffer.from(JSON.stringify([tenant, workspace]))).slice(0, 32));
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

/**
 * Removes a file in the same turn in which it is found old, so that it is never one that is being put: a `put` before made it new, and one
 * after writes it again. Answers its size in bytes; null when it stays.
 */
function removeOlder(path: string, until: number): number | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || found.mtimeMs >= until) return null;
    unlinkSync(path);
    return found.size;
  } catch (error) {
    return isCode(error, 'ENOENT') ? null : throwFault(error, { path });
  }
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates the folder and those above it, each durable. */
async function makeDirectories(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function list(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
