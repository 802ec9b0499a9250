import type { Fault } from '@soma/schemas/event';
import { z } from 'zod';

/** What the index was before this question: there already, or built anew, and why. */
export const IndexState = z.enum(['kept', 'first', 'damaged', 'older']);
export type IndexState = z.infer<typeof IndexState>;

const Line = z.object({ line: z.number().int(), quote: z.string() });

/** A passage that may answer. `line` and `quote` are its best line, exactly; `context` are the lines around, that one among them. */
export const Passage = z.object({
  path: z.string(),
  ...Line.shape,
  context: z.array(Line),
  /** 0 to 1, comparable between questions and folders. */
  score: z.number(),
});
export type Passage = z.infer<typeof Passage>;

/** What a question came to. */
export const Answer = z.object({
  /** Whether the best passage is good enough to be called an answer. */
  found: z.boolean(),
  /** Best first; what is not good enough is there as well, with its score. */
  passages: z.array(Passage),
  /** What put the passages in their order: words alone, or with them what question and passages mean. */
  ranking: z.enum(['words', 'meaning']),
  /** What was looked for, as it was typed. */
  words: z.array(z.string()),
  searched: z.object({ files: z.number().int(), lines: z.number().int() }),
  /** Files of the folder that are not ignored, read or not. */
  count: z.number().int(),
  /** A line of a file that was searched, to be quoted; null when there is none. */
  sample: z.object({ path: z.string(), ...Line.shape }).nullable(),
  truncated: z.boolean(),
  /** Lines too long to be searched and quoted. */
  longLines: z.number().int(),
  notRead: z.array(z.object({ path: z.string(), reason: z.string(), folder: z.boolean() })),
  notReadByReason: z.array(
    z.object({ reason: z.string(), count: z.number().int(), examples: z.array(z.string()) }),
  ),
  index: z.object({ state: IndexState, changed: z.number().int() }),
});
export type Answer = z.infer<typeof Answer>;

/** To the worker: a question about a folder, the vectors it asked for, or that nobody waits for an answer any more. */
export type Request =
  | {
      readonly ask: 'find';
      readonly id: number;
      /** Absolute path as it was granted. */
      readonly folder: string;
      readonly question: string;
      readonly limit: number;
      /** Which weights vectors can be asked for; null when there are none. */
      readonly weights: string | null;
    }
  | { readonly ask: 'vectors'; readonly id: number; readonly vectors: readonly Float32Array[] | null }
  | { readonly ask: 'cancel'; readonly id: number };

/**
 * From the worker: how many files it has indexed on the way, texts whose vectors it needs, the answer, or a fault; a null fault says that
 * it was cancelled.
 */
export type Reply =
  | { readonly id: number; readonly say: 'answer'; readonly answer: Answer }
  | { readonly id: number; readonly say: 'progress'; readonly done: number; readonly total: number }
  | { readonly id: number; readonly say: 'embed'; readonly texts: readonly string[] }
  | { readonly id: number; readonly say: 'fault'; readonly fault: Fault | null };
