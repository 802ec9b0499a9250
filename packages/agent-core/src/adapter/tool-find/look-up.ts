import type Database from 'better-sqlite3';
import type { Asked } from './words.ts';

/** An asked word and how much finding it tells: its own weight times how rare it is among the folder's passages. */
export interface Weighed extends Asked {
  readonly worth: number;
  /** How many passages have it. */
  readonly passages: number;
  /** What it is looked up by, as FTS5 takes it. */
  readonly term: string;
}

/** Lines `from` to `to` of a file, 1-based and within, that share words with a question; best first by BM25. */
export interface Candidate {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Passages that are looked at closely. */
const CANDIDATES = 100;
/** Most words one look-up is made of: the rarest. */
const TERMS = 12;
/** Passages that are ranked by BM25 at most, so that words which stand everywhere take no longer than others. */
const RANKED = 8000;
/** Shortest word that also finds longer ones which begin with it. */
const PREFIX = 5;
/** How much a word in the path, in a naming line and in the text counts for BM25. */
const FIELD_WEIGHTS = '2.0, 3.0, 1.0';

/** How rare a word counts that stands everywhere. */
const LEAST = 0.05;

/** Weighs the words of a question by how rare they are in the index. */
export function weigh(db: Database.Database, asked: readonly Asked[]): Weighed[] {
  const passages = Number(db.prepare('SELECT count(*) FROM passages').pluck().get());
  const withTerm = db.prepare<[string], { doc: number }>('SELECT doc FROM vocabulary WHERE term = ?');
  const withPrefix = db.prepare<[string, string], { doc: number | null }>(
    'SELECT sum(doc) AS doc FROM (SELECT doc FROM vocabulary WHERE term >= ? AND term < ? LIMIT 50)',
  );
  const docs = (stem: string) => withTerm.get(stem)?.doc ?? 0;
  const weighed = asked.map((word) => {
    const whole = [word.stem, ...word.alike];
    let found = whole.reduce((sum, stem) => sum + docs(stem), 0);
    const byParts = found === 0 && word.parts.length > 0;
    if (byParts) found = Math.min(...word.parts.map(docs));
    const byPrefix = found === 0 && !byParts && word.stem.length >= PREFIX;
    if (byPrefix) found = withPrefix.get(word.stem, `${word.stem}\u{10ffff}`)?.doc ?? 0;
    found = Math.min(found, passages);
    const rarity = Math.log(1 + (passages - found + 0.5) / (found + 0.5)) / Math.log(2 + passages * 2);
    return {
      ...word,
      worth: word.weight * Math.sqrt(Math.min(1, Math.max(LEAST, rarity))),
      passages: found,
      term: byPrefix
        ? `"${word.stem}" *`
        : (byParts ? word.parts : whole).map((stem) => `"${stem}"`).join(' OR '),
    };
  });
  return weighed.filter(({ joined, passages: found }) => !joined || found > 0);
}

/**
 * The passages that share most with the question, by BM25 over path, naming lines and text. Its rarest words choose; when all are
 * common, all must be there.
 */
export function lookUp(db: Database.Database, words: readonly Weighed[]): Candidate[] {
  const known = words
    .filter(({ passages }) => passages > 0)
    .sort((a, b) => a.passages - b.passages)
    .slice(0, TERMS);
  const rare: Weighed[] = [];
  for (let at = 0, room = RANKED; at < known.length; at += 1) {
    const word = known[at];
    if (word === undefined || word.passages > room) break;
    room -= word.passages;
    rare.push(word);
  }
  if (known.length === 0) return [];
  if (rare.length > 0) return ranked(db, anyOf(rare));
  const together = ranked(db, known.map(({ term }) => `(${term})`).join(' AND '));
  return together.length > 0 ? together : ranked(db, anyOf(known.slice(0, 1)));
}

function anyOf(words: readonly Weighed[]): string {
  return words.map(({ term }) => term).join(' OR ');
}

function ranked(db: Database.Database, query: string): Candidate[] {
  return db
    .prepare<[string], Candidate>(
      `SELECT files.path AS path, passages.first AS "from", passages.last AS "to"
       FROM (SELECT id, rank FROM (
               SELECT rowid AS id, bm25(words, ${FIELD_WEIGHTS}) AS rank FROM words WHERE words MATCH ?
               LIMIT ${RANKED})
             ORDER BY rank LIMIT ${CANDIDATES}) AS best
       JOIN passages ON passages.id = best.id JOIN files ON files.id = passages.file
       ORDER BY best.rank`,
    )
    .all(query);
}
