import type { Candidate, Weighed } from './look-up.ts';
import { isNaming, LINE_LIMIT } from './passages.ts';
import { type Word, wordsOf } from './words.ts';

/** A candidate with the text it stands in: all lines of its file. */
export interface Opened extends Candidate {
  readonly lines: readonly string[];
}

/** A line that may answer. `score`: 0 to 1, comparable between questions. */
export interface Ranked {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly score: number;
}

/** How far from a line, in lines, a word still belongs to it, and what each line of distance costs. */
const REACH = 6;
const FADE = 0.06;
/** What a word on the line itself counts besides, for the order only: more on a naming line. */
const ITSELF = { naming: 0.6, other: 0.35 };
/** How far above a line its naming line may stand. */
const NAMED_WITHIN = 60;
/** What a word counts that is found in another form, as the beginning of a longer word, in the path, or in the naming line above. */
const MATCH = { form: 1, stem: 0.95, prefix: 0.7, within: 0.6, alike: 0.8, path: 0.75, named: 0.85 };
/** Shortest stem that counts as the beginning of a longer word. */
const PREFIX = 4;
/** Shortest stem that counts as a part of a longer word. */
const WITHIN = 5;
/** Quotes that stand closer than this, in lines, are one answer. */
const APART = 8;

/**
 * The lines of the candidates that answer best, best first. A line is scored by how much of the question's worth stands on it, close to it, in the
 * naming line it belongs to and in its path.
 */
export function rank(words: readonly Weighed[], candidates: readonly Opened[], limit: number): Ranked[] {
  const total = words.reduce((sum, { worth }) => sum + worth, 0);
  if (total === 0) return [];
  const ranked = candidates.flatMap((candidate) => linesOf(candidate, words, total));
  ranked.sort((a, b) => b.order - a.order || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
  const chosen: Ranked[] = [];
  for (const { path, line, score } of ranked) {
    if (chosen.length >= limit) break;
    if (chosen.some((other) => other.path === path && Math.abs(other.line - line) < APART)) continue;
    chosen.push({ path, line, score });
  }
  return chosen;
}

interface Scored extends Ranked {
  readonly order: number;
}

function linesOf(candidate: Opened, words: readonly Weighed[], total: number): Scored[] {
  const { path, from, to, lines } = candidate;
  const inPath = matches(words, wordsOf(path)).map((match) => (match === 0 ? 0 : MATCH.path));
  const first = Math.max(0, from - 1 - REACH);
  const last = Math.min(lines.length, to + REACH);
  const own: (readonly number[])[] = [];
  for (let at = first; at < last; at += 1) own.push(matches(words, wordsIn(lines[at])));
  const scored: Scored[] = [];
  for (let at = from - 1; at < to; at += 1) {
    const quote = lines[at];
    if (quote === undefined || quote.trim() === '' || quote.length > LINE_LIMIT) continue;
    const here = own[at - first] ?? [];
    const named = nameOf(lines, at);
    const above = named === null ? [] : matches(words, wordsIn(lines[named]));
    let near = 0;
    let itself = 0;
    for (const [index, { worth }] of words.entries()) {
      let best = Math.max(inPath[index] ?? 0, (above[index] ?? 0) * MATCH.named);
      for (let other = Math.max(first, at - REACH); other <= Math.min(last - 1, at + REACH); other += 1) {
        const faded = (own[other - first]?.[index] ?? 0) * (1 - FADE * Math.abs(other - at));
        if (faded > best) best = faded;
      }
      near += worth * best;
      itself += worth * (here[index] ?? 0);
    }
    const score = near / total;
    const order = score + (named === at ? ITSELF.naming : ITSELF.other) * (itself / total);
    scored.push({ path, line: at + 1, score, order });
  }
  return scored;
}

function wordsIn(line: string | undefined): Word[] {
  return line === undefined || line.length > LINE_LIMIT ? [] : wordsOf(line);
}

/** The nearest naming line at or above, 0-based; null when there is none near enough. */
function nameOf(lines: readonly string[], at: number): number | null {
  for (let above = at; above >= Math.max(0, at - NAMED_WITHIN); above -= 1) {
    if (isNaming(lines[above] ?? '')) return above;
  }
  return null;
}

/** For each asked word, how well the best of the words found is it. */
function matches(asked: readonly Weighed[], found: readonly Word[]): number[] {
  const forms = new Set(found.map(({ form }) => form));
  const stems = new Set(found.map(({ stem }) => stem));
  return asked.map(({ form, stem, alike, parts }) => {
    if (forms.has(form)) return MATCH.form;
    if (stems.has(stem)) return MATCH.stem;
    if (alike.some((other) => stems.has(other))) return MATCH.alike;
    const there = parts.filter((part) => stems.has(part)).length;
    if (there > 0) return (MATCH.alike * there) / parts.length;
    if (stem.length >= PREFIX && found.some((word) => word.stem.startsWith(stem))) return MATCH.prefix;
    if (stem.length >= WITHIN && found.some((word) => word.stem.includes(stem))) return MATCH.within;
    return 0;
  });
}
