import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { isNaming } from './passages.ts';
import type { Ranked } from './rank.ts';

/** What turns texts into vectors of length 1. */
export interface Vectors {
  /** Which weights it uses: vectors of others are not compared with its own. */
  readonly weights: string;
  /** In the order of the texts; null when there are none to be had. */
  readonly embed: (texts: readonly string[]) => Promise<readonly Float32Array[] | null>;
}

export interface Reranking {
  readonly db: Database.Database;
  readonly vectors: Vectors;
  readonly question: string;
  /** By words, best first. */
  readonly ranked: readonly Ranked[];
  readonly linesOf: (path: string) => readonly string[];
  readonly signal: AbortSignal;
}

/** Passages that are looked at again, as far as time allows; when it does for fewer than these, the words' order stands. */
export const RERANKED = 50;
const FEWEST = 10;
/** What looking again may take in all, in milliseconds. */
const BUDGET_MS = 1000;
/** Texts asked about at a time: their vectors are kept even when those of later ones come too late. */
const AT_A_TIME = 2;
/** Lines on either side of a passage's best one, characters of all of them, and how far above their naming line may stand. */
const AROUND = 1;
const LONGEST = 240;
const NAMED_WITHIN = 60;
/** Reciprocal rank fusion: how little it matters to be first, and how much meaning counts beside the words. Set on `find-tune`. */
const FLATNESS = 30;
const MEANING = 0.5;
/** Vectors an index keeps, of 1.5 kB each; the oldest go first. */
const KEPT = 20_000;

/**
 * The passages by words and meaning together, best first; null when there was no time, or nothing to tell it by. Those that time was too
 * short for stay behind the others, as the words have them.
 */
export async function rerank(asked: Reranking): Promise<readonly Ranked[] | null> {
  const { ranked, question, linesOf, signal } = asked;
  if (ranked.length < 2) return null;
  const over = AbortSignal.any([signal, AbortSignal.timeout(BUDGET_MS)]);
  const texts = [question, ...ranked.map((one) => textOf(one, linesOf(one.path)))];
  const [of, ...vectors] = await vectorsOf(texts, { ...asked, over });
  signal.throwIfAborted();
  if (of === undefined || vectors.length < Math.min(FEWEST, ranked.length)) return null;
  const alike = vectors.map((vector, index) => ({ index, cosine: cosine(of, vector) }));
  const worth = new Map(
    alike
      .sort((a, b) => b.cosine - a.cosine)
      .map(({ index }, place) => [index, 1 / (FLATNESS + index) + MEANING / (FLATNESS + place)]),
  );
  const fused = [...worth].sort((a, b) => b[1] - a[1]).flatMap(([index]) => ranked[index] ?? []);
  return [...fused, ...ranked.slice(fused.length)];
}

/** What stands for a passage: its best line, those beside it, and the line above that names what they belong to. */
function textOf({ line }: Ranked, lines: readonly string[]): string {
  const from = Math.max(0, line - 1 - AROUND);
  const around = lines.slice(from, line + AROUND);
  let naming = line - 1;
  while (naming >= Math.max(0, line - NAMED_WITHIN) && !isNaming(lines[naming] ?? '')) naming -= 1;
  const name = naming >= 0 && naming < from && isNaming(lines[naming] ?? '') ? [lines[naming] ?? ''] : [];
  return [...name, ...around]
    .map((text) => text.trim())
    .filter(Boolean)
    .join('\n')
    .slice(0, LONGEST);
}

/** Vectors of the texts from the first on, as many as time allows: from the index, or asked for and kept there. */
async function vectorsOf(
  texts: readonly string[],
  { db, vectors, over }: Reranking & { readonly over: AbortSignal },
): Promise<readonly Float32Array[]> {
  const find = db
    .prepare<[string, string], Buffer>('SELECT vector FROM vectors WHERE weights = ? AND text = ?')
    .pluck();
  const keep = db.prepare('INSERT OR IGNORE INTO vectors (weights, text, vector) VALUES (?, ?, ?)');
  const known = new Map<string, Float32Array>();
  for (const text of texts) {
    const found = find.get(vectors.weights, hashOf(text));
    if (found !== undefined) known.set(text, fromBytes(found));
  }
  const missing = [...new Set(texts)].filter((text) => !known.has(text));
  for (let at = 0; at < missing.length; at += AT_A_TIME) {
    const asked = missing.slice(at, at + AT_A_TIME);
    const made = await inTime(vectors.embed(asked), over);
    if (made === null || made.length !== asked.length) break;
    for (const [index, text] of asked.entries()) {
      const vector = made[index];
      if (vector === undefined) continue;
      known.set(text, vector);
      keep.run(vectors.weights, hashOf(text), toBytes(vector));
    }
  }
  db.prepare('DELETE FROM vectors WHERE id <= (SELECT max(id) FROM vectors) - ?').run(KEPT);
  const first = texts.findIndex((text) => !known.has(text));
  return texts.slice(0, first < 0 ? texts.length : first).flatMap((text) => known.get(text) ?? []);
}

/** What the work comes to; null once the signal aborts. */
function inTime<Value>(work: Promise<Value>, over: AbortSignal): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    if (over.aborted) return resolve(null);
    const late = () => resolve(null);
    over.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => over.removeEventListener('abort', late));
  });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function toBytes(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** A copy: bytes of a database lie at any place, floats only at every fourth. */
function fromBytes(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
