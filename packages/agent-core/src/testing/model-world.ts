import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelState } from '@soma/schemas/contract';
import {
  createLocalModel,
  type KnownModel,
  type LocalModel,
  type ModelRun,
} from '../adapter/model-local/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { scopeOf } from './event-sample.ts';
import { temporaryFolder } from './local-store.ts';
import { modelHere } from './model-runs.ts';
import { writeSmallWheel } from './small-wheel.ts';

const scope = scopeOf();
export const MODEL = 'all-MiniLM-L6-v2';

export interface Opening {
  readonly known: KnownModel;
  readonly start?: () => ModelRun;
  readonly idleMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A folder of its own with a data folder, and the models that were opened on it. */
export class ModelWorld {
  readonly folder: string;
  readonly data: string;
  readonly #remove: () => void;
  readonly #opened: LocalModel[] = [];

  constructor() {
    const { path, remove } = temporaryFolder();
    this.folder = path;
    this.data = join(path, 'data');
    this.#remove = remove;
  }

  open({ start = modelHere, environment = {}, ...rest }: Opening): LocalModel {
    mkdirSync(this.data, { recursive: true });
    const dataFolder = this.data;
    const model = createLocalModel({ dataFolder, clock: systemClock, environment, start, ...rest });
    this.#opened.push(model);
    return model;
  }

  /** A small model, added from its wheel. */
  async ready(
    opening: Partial<Opening> = {},
  ): Promise<{ model: LocalModel; known: KnownModel; path: string }> {
    const { path, known } = writeSmallWheel(this.folder);
    const model = this.open({ known, ...opening });
    await model.store.obtain({ scope, model: MODEL, path });
    const { state, fault } = await settled(model);
    if (state !== 'ready') throw new Error(`the small model is ${state}: ${JSON.stringify(fault)}`);
    return { model, known, path };
  }

  /** Names of all that lies in the folder of models. */
  kept(): readonly string[] {
    const models = join(this.data, 'models');
    return existsSync(models) ? readdirSync(models).toSorted() : [];
  }

  async close(): Promise<void> {
    for (const model of this.#opened) await model.close();
    this.#remove();
  }
}

/** The state once nothing goes on any more. */
export async function settled({ store }: LocalModel): Promise<ModelState> {
  for (;;) {
    const [state] = store.states(scope);
    if (state === undefined) throw new Error('no model is known');
    if (state.state !== 'fetching' && state.state !== 'converting') return state;
    await new Promise<void>((resolve) => {
      const end = store.watch(() => {
        end();
        resolve();
      });
    });
  }
}

/** Vectors of the texts. */
export function embed({ provider }: LocalModel, ...texts: string[]): Promise<readonly Float32Array[]> {
  return provider.embed({ scope, texts, signal: new AbortController().signal });
}
