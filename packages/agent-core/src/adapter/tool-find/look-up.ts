import type Database from 'better-sqlite3';
import type { Asked } from './words.ts';

/** An asked word and how much finding it tells: its own weight times how rare it is among the folder's passages. */
export interface Weighed extends Asked {
  readonly worth: number;
  /** Whether any passage has it. */
  readonly known: boolean;
  readonly share: number;
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
/** A word in more of the passages than this does not choose among them while rarer ones do. */
const COMMON = 0.2;
/** Shortest word that also finds longer ones which begin with it. */
const PREFIX = 5;
/** How much a word in the path, in a naming line and in the text counts for BM25. */
const FIELD_WEIGHTS = '2.0, 3.0, 1.0';

/** Weighs the words of a question by how rare they are in the index. */
export function weigh(db: Database.Database, asked: readonly Asked[]): Weighed[] {
  const passages = Number(db.prepare('SELECT count(*) FROM passages').pluck().get());
  const withTerm = db.prepare<[string], { doc: number }>('SELECT doc FROM vocabulary WHERE term = ?');
  const withPrefix = db.prepare<[string, string], { doc: number | null }>(
    'SELECT sum(doc) AS doc FROM (SELECT doc FROM vocabulary WHERE term >= ? AND term < ? LIMIT 50)',
  );
  return asked.map((word) => {
    let found = withTerm.get(word.stem)?.doc ?? 0;
    if (found === 0 && word.stem.length >= PREFIX)
      found = withPrefix.get(word.stem, `${word.stem}\u{10ffff}`)?.doc ?? 0;
    const rarity = Math.log(1 + (passages - found + 0.5) / (found + 0.5)) / Math.log(2 + passages * 2);
    return {
      ...word,
      worth: word.weight * Math.max(0, Math.min(1, rarity)),
      known: found > 0,
      share: passages === 0 ? 0 : found / passages,
    };
  });
}

/** The passages that share most with the question, by BM25 over path, naming lines and text. */
export function lookUp(db: Database.Database, words: readonly Weighed[]): Candidate[] {
  const known = words.filter((word) => word.known).sort((a, b) => b.worth - a.worth);
  const rare = known.filter(({ share }) => share <= COMMON);
  const terms = (rare.length > 0 ? rare : known).slice(0, TERMS);
  if (terms.length === 0) return [];
  const query = terms.map(({ stem }) => (stem.length >= PREFIX ? `"${stem}" *` : `"${stem}"`)).join(' OR ');
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
