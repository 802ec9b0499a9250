import { join } from 'node:path';
import type { Scope } from '@soma/schemas/event';
import { z } from 'zod';
import type { ModelProvider, Tool } from '../../port/index.ts';
import { readingTool } from '../tool-folder/index.ts';
import { createLane, type VectorSource } from './lane.ts';
import { Answer } from './message.ts';

export { Answer } from './message.ts';

/** The code of the tool's thread, as it lies in the source tree. */
export const findWorker = new URL('./worker.ts', import.meta.url);

export interface FindOptions {
  /** Absolute path of the product's data folder. */
  readonly dataFolder: string;
  /** The code of its thread: a bundle says where it lies, source finds it itself. */
  readonly worker?: string | URL;
  /** With a model that embeds, what the words found is put in order by meaning too. */
  readonly model?: ModelProvider;
}

/** The tool that finds the passages of a folder that answer a question. Its indexes lie in `index` of the data folder and may be deleted at any time. */
export function createFindTools({ dataFolder, worker = findWorker, model }: FindOptions): readonly Tool[] {
  const ask = createLane(worker, join(dataFolder, 'index'));
  return [
    readingTool({
      name: 'find_passages',
      description:
        'Finds the passages of the folder that answer a question best, each with its best line, and says whether the best one is an answer, what was searched and what was not read.',
      input: z.object({
        question: z
          .string()
          .max(200_000)
          .refine((text) => text.trim() !== ''),
        limit: z.number().int().min(1).max(50).default(3),
      }),
      output: Answer,
      timeoutMs: 300_000,
      outputLimitBytes: 8 * 1024 * 1024,
      work: async ({ question, limit }, { folder, signal, progress, scope }) => {
        const onIndexed = (done: number, total: number) =>
          progress({ note: { code: 'files-indexed', data: { count: done } }, done, total });
        const vectors = model === undefined ? null : await vectorsFrom(model, scope);
        const output = await ask({ folder, question, limit, signal, onIndexed, vectors });
        const count = output.found ? output.passages.length : 0;
        return { output, note: { code: 'passages-found', data: { count, files: output.searched.files } } };
      },
    }),
  ];
}

/** Null where the model is not here or does not embed. Whatever ails it, the words' order stands. */
async function vectorsFrom(model: ModelProvider, scope: Scope): Promise<VectorSource | null> {
  const about = await model.describe(scope);
  if (about === null || about.dimensions === null || about.hash === null) return null;
  return {
    weights: about.hash,
    embed: (texts, signal) => model.embed({ scope, texts, signal }).catch(() => null),
  };
}
