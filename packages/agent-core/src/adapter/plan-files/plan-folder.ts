import { existsSync, lstatSync, readFileSync, renameSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { type Fault, FaultError, fault } from '@soma/schemas/event';
import { durably, failpoint } from '../../failpoint/index.ts';
import type { Clock, PlanFile, PlanFiles } from '../../port/index.ts';
import {
  copyWhole,
  isCode,
  makeDirectory,
  syncDirectory,
  throwFault,
  writeWhole,
} from '../data-folder/index.ts';
import { readText } from '../tool-folder/index.ts';

/** Most files that are read; more are listed and never used. */
export const OWN_PLAN_LIMIT = 200;
/** Most files that are listed at all. */
const LISTED_LIMIT = 1000;
/** Largest plan file in bytes: what the longest text of a plan can come to. */
const BYTE_LIMIT = 200_000;
/** What a plan file is called, and what is looked at because it may be meant as one. */
const NAME = /^[a-z][a-z0-9-]{0,63}\.ya?ml$/;
const YAML = /^[^.].*\.ya?ml$/i;
/** A file written this short a time before it was read may have been written again under the same time. */
const YOUNG_MS = 2000;

/** What was read, and by what it is seen to be unchanged; null where that cannot be seen. */
interface Known {
  readonly stamp: string | null;
  readonly plan: PlanFile;
}

/** A folder of plan files. What is replaced or removed is kept in `removed/` beside them, under a name nothing has. */
export class PlanFolder implements PlanFiles {
  readonly #folder: string;
  readonly #clock: Clock;
  #known: ReadonlyMap<string, Known> = new Map();

  constructor({ folder, clock }: { readonly folder: string; readonly clock: Clock }) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async read(): Promise<readonly PlanFile[]> {
    const names = await this.#names();
    const root = names.length === 0 ? this.#folder : await realpath(this.#folder);
    const read = await Promise.all(names.map((file, index) => this.#one(root, file, index)));
    this.#known = new Map(read.map((known) => [known.plan.file, known]));
    return read.map(({ plan }) => plan);
  }

  async keep(file: string, source: string): Promise<string> {
    const path = join(this.#folder, file);
    if (!NAME.test(file)) throw new FaultError('PLAN_INVALID', { where: 'file-name', what: file });
    const names = await this.#names();
    if (!names.includes(file) && names.length >= OWN_PLAN_LIMIT)
      throw new FaultError('PLAN_TOO_MANY', { limit: OWN_PLAN_LIMIT });
    try {
      durably('plans.keep', () => {
        makeDirectory(this.#folder);
        if (this.#isHeld(path, source)) return;
        failpoint('plans.keep.aside');
        writeWhole(path, source);
      });
    } catch (error) {
      throwFault(error, { path });
    }
    return path;
  }

  async forget(file: string): Promise<string> {
    const path = join(this.#folder, file);
    try {
      return durably('plans.forget', () => this.#move(path));
    } catch (error) {
      if (isCode(error, 'ENOENT')) throw new FaultError('FILE_GONE', { path });
      return throwFault(error, { path });
    }
  }

  /** Whether the file holds this text already; when it does not, what it holds is safe afterwards. */
  #isHeld(path: string, source: string): boolean {
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined) return false;
    if (!there.isFile()) this.#move(path);
    else if (readFileSync(path).equals(Buffer.from(source))) return true;
    else copyWhole(path, this.#aside(path));
    return false;
  }

  #move(path: string): string {
    lstatSync(path);
    const to = this.#aside(path);
    renameSync(path, to);
    syncDirectory(join(to, '..'));
    syncDirectory(this.#folder);
    return to;
  }

  /** A place of its own for what a file holds. */
  #aside(path: string): string {
    const folder = join(this.#folder, 'removed');
    makeDirectory(folder);
    const { name, ext } = parse(path);
    for (let number = 1; ; number += 1) {
      const to = join(folder, `${name}.${number}${ext}`);
      if (!existsSync(to)) return to;
    }
  }

  async #names(): Promise<readonly string[]> {
    try {
      const names = (await readdir(this.#folder)).filter((name) => YAML.test(name));
      return names.sort().slice(0, LISTED_LIMIT);
    } catch (error) {
      return isCode(error, 'ENOENT') ? [] : throwFault(error, { path: this.#folder });
    }
  }

  async #one(root: string, file: string, index: number): Promise<Known> {
    const place = { file, path: join(this.#folder, file) };
    const unread = (problem: Fault): Known => ({ stamp: null, plan: { ...place, fault: problem } });
    if (!NAME.test(file)) return unread(fault('PLAN_INVALID', { where: 'file-name', what: file }));
    if (index >= OWN_PLAN_LIMIT) return unread(fault('PLAN_TOO_MANY', { limit: OWN_PLAN_LIMIT }));
    const stamp = await this.#stamp(place.path);
    const before = this.#known.get(file);
    if (before !== undefined && stamp !== null && before.stamp === stamp) return before;
    try {
      const { text, repaired } = await readText(root, file, BYTE_LIMIT);
      if (repaired) return unread(fault('PLAN_INVALID', { where: 'encoding', what: file }));
      // The same text is the same plan: nothing is worked out again.
      const plan = before?.plan.source === text ? before.plan : { ...place, source: text };
      return { stamp, plan };
    } catch (error) {
      if (error instanceof FaultError) return unread(error.fault);
      throw error;
    }
  }

  /** Null while the file is so young that its next change may leave the same stamp, and where there is none. */
  async #stamp(path: string): Promise<string | null> {
    try {
      const { mtimeNs, ctimeNs, ctimeMs, size, ino } = await stat(path, { bigint: true });
      const age = Date.parse(this.#clock.now()) - Number(ctimeMs);
      return Math.abs(age) < YOUNG_MS ? null : [mtimeNs, ctimeNs, size, ino].join(' ');
    } catch {
      return null;
    }
  }
}
