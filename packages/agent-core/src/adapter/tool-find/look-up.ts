import type Database from 'better-sqlite3';
import type { Asked } from './words.ts';

/** An asked word and how much finding it tells: its own weight times how rare it is among the folder's passages. */
export interface Weighed extends Asked {
  readonly worth: number;
  /** How many passages have it. */
  readonly passages: number;
}

/** Lines `from` to `to` of a file, 1-based and within, that share words with a question; best first by BM25. */
export interface Candidate {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Passages that are looked at closely. */
const CANDIDATES = 60;
/** Most words one look-up is made of: the rarest. */
const TERMS = 12;
/** A word in more passages than this does not choose among them while rarer ones do: ranking that many takes too long. */
const COMMON = 4000;
/** Shortest word that also finds longer ones which begin with it. */
const PREFIX = 5;
/** How much a word in the path, in a naming line and in the text counts for BM25. */
const FIELD_WEIGHTS = '2.0, 3.0, 1.0';

/** What finding a word tells that stands everywhere. */
const LEAST = 0.05;

/** Weighs the words of a question by how rare they are in the index. */
export function weigh(db: Database.Database, asked: readonly Asked[]): Weighed[] {
  const passages = Number(db.prepare('SELECT count(*) FROM passages').pluck().get());
  const withTerm = db.prepare<[string], { doc: number }>('SELECT doc FROM vocabulary WHERE term = ?');
  const withPrefix = db.prepare<[string, string], { doc: number | null }>(
    'SELECT sum(doc) AS doc FROM (SELECT doc FROM vocabulary WHERE term >= ? AND term < ? LIMIT 50)',
  );
  const weighed = asked.map((word) => {
    let found = Math.min(passages, ...word.parts.map((part) => withTerm.get(part)?.doc ?? 0));
    if (word.parts.length === 0) found = 0;
    for (const stem of [word.stem, ...word.alike]) found += withTerm.get(stem)?.doc ?? 0;
    if (found === 0 && word.stem.length >= PREFIX)
      found = withPrefix.get(word.stem, `${word.stem}\u{10ffff}`)?.doc ?? 0;
    const rarity = Math.log(1 + (passages - found + 0.5) / (found + 0.5)) / Math.log(2 + passages * 2);
    return {
      ...word,
      worth: word.weight * Math.sqrt(Math.min(1, Math.max(LEAST, rarity))),
      passages: found,
    };
  });
  return weighed.filter(({ joined, passages: found }) => !joined || found > 0);
}

/** The passages that share most with the question, by BM25 over path, naming lines and text. */
export function lookUp(db: Database.Database, words: readonly Weighed[]): Candidate[] {
  const known = words.filter((word) => word.passages > 0).sort((a, b) => b.worth - a.worth);
  const rare = known.filter(({ passages }) => passages <= COMMON);
  const terms = (rare.length > 0 ? rare : known).slice(0, TERMS);
  if (terms.length === 0) return [];
  const query = terms
    .flatMap(({ stem, alike, parts }) => [
      stem.length >= PREFIX ? `"${stem}" *` : `"${stem}"`,
      ...[...alike, ...parts].map((other) => `"${other}"`),
    ])
    .join(' OR ');
  return db
    .prepare<[string], Candidate>(
      `SELECT files.path AS path, passages.first AS "from", passages.last AS "to"
       FROM (SELECT rowid AS id, bm25(words, ${FIELD_WEIGHTS}) AS rank FROM words WHERE words MATCH ?
             ORDER BY rank LIMIT ${CANDIDATES}) AS best
       JOIN passages ON passages.id = best.id JOIN files ON files.id = passages.file
       ORDER BY best.rank`,
    )
    .all(query);
}
