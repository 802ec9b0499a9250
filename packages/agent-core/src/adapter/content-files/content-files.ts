import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Content, FaultError, INLINE_LIMIT, type Scope } from '@soma/schemas/event';
import { durablyAsync, failpoint } from '../../failpoint/index.ts';
import type { ContentStore } from '../../port/index.ts';
import { isCode, throwFault } from '../data-folder/index.ts';

/** Largest text, in bytes of UTF-8, that is stored when nothing else is said: 64 MiB. */
export const DEFAULT_CONTENT_LIMIT = 64 * 1024 * 1024;

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

/**
 * Texts as files named by their hash, `ab/abcd...`, each workspace by itself. A file appears whole or not at all. What this process has
 * put is never collected before it is referenced, since its commit may still be on the way.
 */
export class ContentFiles implements ContentStore {
  readonly #folder: string;
  readonly #limit: number;
  readonly #fresh = new Map<string, Promise<void>>();
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
    const writing = this.#fresh.get(path) ?? durablyAsync('content.put', () => this.#write(path, bytes));
    this.#fresh.set(path, writing);
    try {
      await writing;
    } catch (error) {
      this.#fresh.delete(path);
      throwFault(error, { hash: content.hash, size: bytes.length });
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
    this.#fresh.delete(path);
    try {
      await durablyAsync('content.erase', () => this.#remove([path]));
    } catch (error) {
      throwFault(error, { hash });
    }
  }

  /** Removes what no event of the workspace names any more, and what a crash left half written. */
  async collect(scope: Scope, isReferenced: (hash: string) => boolean): Promise<Collected> {
    const found = { files: 0, bytes: 0 };
    const root = this.#root(scope);
    for (const shelf of await list(root)) {
      const gone: string[] = [];
      for (const name of await list(join(root, shelf))) {
        const path = join(root, shelf, name);
        if (isReferenced(name)) this.#fresh.delete(path);
        else if (!this.#isFresh(path)) gone.push(path);
      }
      for (const path of gone) found.bytes += (await stat(path)).size;
      found.files += gone.length;
      if (gone.length > 0) await durablyAsync('content.collect', () => this.#remove(gone));
    }
    return found;
  }

  #isFresh(path: string): boolean {
    return this.#fresh.has(path.replace(/\.\d+\.part$/, ''));
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
    if (!(await holds(path, bytes))) {
      const part = `${path}.${process.pid}${this.#parts++}.part`;
      try {
        await writeSynced(part, bytes);
        failpoint('content.put.written');
        await rename(part, path);
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    }
    failpoint('content.put.renamed');
    // Also when the file was there: the process that renamed it may have died before this.
    await syncFolder(dirname(path));
  }

  async #remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) await rm(path, { force: true });
    const [first] = paths;
    if (first !== undefined) await syncFolder(dirname(first));
  }

  #path(scope: Scope, hash: string): string {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new FaultError('INVALID_INPUT', { path: 'hash' });
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

async function holds(path: string, bytes: Buffer): Promise<boolean> {
  try {
    return (await readFile(path)).equals(bytes);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
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
