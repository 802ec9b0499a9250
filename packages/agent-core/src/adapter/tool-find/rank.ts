import type { Candidate, Weighed } from './look-up.ts';
import { shareOfName } from './names.ts';
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
/** What a word counts besides, for the order only, that is part of a name made of asked words only. */
const NAME = 0.1;
/** A line whose name says this much of the question is an answer of its own, however near another one stands. */
const ITS_OWN = 0.35;
/** A question's worth is that of so many words; each further one adds less, so that long questions are found too. */
const TELLING = { words: 4, further: 0.5 };
/** What a number on the line counts, for the order only, where the question asks for one. */
const NUMBER = 0.05;
/** How far above a line its naming line may stand. */
const NAMED_WITHIN = 60;
/** What a word counts that is found in another form, as the beginning of a longer word, in the path, or in the naming line above. */
const MATCH = {
  form: 1,
  stem: 0.95,
  prefix: 0.7,
  within: 0.6,
  alike: 0.8,
  path: 0.75,
  file: 0.92,
  named: 0.85,
};
/** Shortest stem that counts as the beginning of a longer word. */
const PREFIX = 4;
/** Shortest stem that counts as a part of a longer word. */
const WITHIN = 5;
/** Quotes that stand closer than this, in lines, are one answer. */
const APART = 8;

/** What is ranked; `asksNumber`: whether a number answers it. At most `limit` lines are wanted. */
export interface Ranking {
  readonly words: readonly Weighed[];
  readonly candidates: readonly Opened[];
  readonly limit: number;
  readonly asksNumber: boolean;
}

/**
 * The lines of the candidates that answer best, best first. A line is scored by how much of the question's worth stands on it, close to it, in the
 * naming line it belongs to and in its path; a line that gives what is asked about its name goes first. Copies of a file are one.
 */
export function rank({ words, candidates, limit, asksNumber }: Ranking): Ranked[] {
  const total = worthOf(words);
  if (total === 0) return [];
  const files = new Map<string, SeenFile>();
  const ranked = candidates.flatMap((candidate) => {
    const file = files.get(candidate.path) ?? new SeenFile(candidate, words);
    files.set(candidate.path, file);
    return scored(candidate, file, words).map((one) => ({
      ...one,
      score: Math.min(1, one.score / total),
      order: one.order / total + (asksNumber && file.hasNumber(one.line - 1) ? NUMBER : 0),
    }));
  });
  ranked.sort((a, b) => b.order - a.order || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
  const chosen: Ranked[] = [];
  for (const { path, line, score, isNamed } of ranked) {
    if (chosen.length >= limit) break;
    const isSeen = ({ path: other, line: at }: Ranked) =>
      Math.abs(at - line) < APART && (other === path || isCopy({ path, other, at }, files));
    if (!isNamed && chosen.some(isSeen)) continue;
    chosen.push({ path, line, score });
  }
  return chosen;
}

interface Scored extends Ranked {
  readonly isNamed: boolean;
  readonly order: number;
}

/** Whether the file is, as far as that line tells, a copy of another of the same name. */
function isCopy(
  { path, other, at }: { path: string; other: string; at: number },
  files: ReadonlyMap<string, SeenFile>,
): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const line = files.get(path)?.line(at - 1);
  return (
    other.slice(other.lastIndexOf('/') + 1) === name &&
    line !== undefined &&
    line === files.get(other)?.line(at - 1)
  );
}

/** What the lines of a candidate are worth, on their own and with what stands around them. */
function scored({ path, from, to, lines }: Opened, file: SeenFile, words: readonly Weighed[]): Scored[] {
  const found: Scored[] = [];
  const total = words.reduce((sum, { worth }) => sum + worth, 0);
  for (let at = from - 1; at < to; at += 1) {
    const quote = lines[at];
    if (quote === undefined || quote.trim() === '' || quote.length > LINE_LIMIT) continue;
    const here = file.matches(at);
    const naming = file.namingOf(at);
    const above = naming === null ? null : file.matches(naming);
    let near = 0;
    let itself = 0;
    for (const [index, { worth }] of words.entries()) {
      let best = Math.max(file.inPath[index] ?? 0, (above?.[index] ?? 0) * MATCH.named, here[index] ?? 0);
      for (let away = 1; away <= REACH; away += 1) {
        const around = Math.max(file.matches(at - away)[index] ?? 0, file.matches(at + away)[index] ?? 0);
        best = Math.max(best, around * (1 - FADE * away));
      }
      near += worth * best;
      // What the whole file is about does not tell its lines apart.
      itself += worth * Math.max(here[index] ?? 0, file.inPath[index] ?? 0);
    }
    const name = shareOfName(quote, words, naming === at);
    const order = near + (naming === at ? ITSELF.naming : ITSELF.other) * itself + NAME * name * total;
    found.push({ path, line: at + 1, score: near, order, isNamed: name > ITS_OWN });
  }
  return found;
}

/** A file as a question sees it; each line is looked at once. Lines are 0-based. */
class SeenFile {
  readonly inPath: readonly number[];
  readonly #lines: readonly string[];
  readonly #words: readonly Weighed[];
  readonly #matches = new Map<number, readonly number[]>();
  readonly #naming = new Map<number, boolean>();

  constructor({ path, lines }: Opened, words: readonly Weighed[]) {
    this.#lines = lines;
    this.#words = words;
    const own = named(path, words);
    this.inPath = matchesIn(wordsOf(path), words).map((match, index) => own[index] || (match && MATCH.path));
  }

  line(at: number): string | undefined {
    return this.#lines[at];
  }

  hasNumber(at: number): boolean {
    return /(?<![\p{L}\p{N}_.-])\d+(?:\.\d+)?(?![\p{L}_])/u.test(this.#lines[at] ?? '');
  }

  /** For each asked word, how well the best of the line's words is it; nothing for a line that is not there. */
  matches(at: number): readonly number[] {
    const known = this.#matches.get(at);
    if (known !== undefined) return known;
    const line = this.#lines[at];
    const found = line === undefined || line.length > LINE_LIMIT ? [] : matchesIn(wordsOf(line), this.#words);
    this.#matches.set(at, found);
    return found;
  }

  /** The nearest naming line at or above; null when there is none near enough. */
  namingOf(at: number): number | null {
    for (let above = at; above >= Math.max(0, at - NAMED_WITHIN); above -= 1) {
      const is = this.#naming.get(above) ?? isNaming(this.#lines[above] ?? '');
      this.#naming.set(above, is);
      if (is) return above;
    }
    return null;
  }
}

/** For each asked word, how well a file of at least two words does it whose name is asked for as a whole: `log_reader` for "the log reader". */
function named(path: string, asked: readonly Weighed[]): number[] {
  const name = wordsOf(path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '')).slice(0, -1);
  const isAsked = ({ stem }: Word) => asked.some((word) => !word.joined && word.stem === stem);
  if (name.length < 2 || !name.every(isAsked)) return [];
  return matchesIn(name, asked).map((match) => match && MATCH.file);
}

/** What finding everything asked for is worth. */
function worthOf(words: readonly Weighed[]): number {
  const worths = words.map(({ worth }) => worth).sort((a, b) => b - a);
  return worths.reduce((sum, worth, at) => sum + worth * (at < TELLING.words ? 1 : TELLING.further), 0);
}

function matchesIn(found: readonly Word[], asked: readonly Weighed[]): number[] {
  const forms = new Set(found.map(({ form }) => form));
  const stems = new Set(found.map(({ stem }) => stem));
  return asked.map(({ form, stem, alike, parts }) => {
    if (forms.has(form)) return MATCH.form;
    if (stems.has(stem)) return MATCH.stem;
    if (alike.some((other) => stems.has(other))) return MATCH.alike;
    const there = parts.filter((part) => stems.has(part)).length;
    if (there > 0) return (MATCH.alike * there) / parts.length;
    if (stem.length < PREFIX) return 0;
    let best = 0;
    for (const other of stems) {
      if (other.length <= stem.length || !other.includes(stem)) continue;
      if (other.startsWith(stem)) return MATCH.prefix;
      if (stem.length >= WITHIN) best = MATCH.within;
    }
    return best;
  });
}
