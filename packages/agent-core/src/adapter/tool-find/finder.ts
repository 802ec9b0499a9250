import { createHash } from 'node:crypto';
import { storageFault, throwFault } from '../data-folder/index.ts';
import { byReason, inParallel, resolveFolder } from '../tool-folder/index.ts';
import { type OpenIndex, openIndex } from './index-file.ts';
import { type Current, Upkeep } from './keep-up.ts';
import { type Candidate, lookUp, weigh } from './look-up.ts';
import { RERANKED, rerank, type Vectors } from './meaning.ts';
import type { Answer, IndexState, Passage } from './message.ts';
import { LINE_LIMIT } from './passages.ts';
import { type Opened, type Ranked, rank } from './rank.ts';
import { Texts } from './texts.ts';
import { askedIn, asksNumber } from './words.ts';

/** From this score on the best passage is called an answer; set on the committed questions of the bench `find`. */
const FOUND = 0.56;
/** Lines shown on either side of the best one. */
const AROUND = 3;
/** Files that are looked into for a line to quote. */
const SAMPLED = 50;
/** What an answer names of files that were not read. */
const NAMED_LIMIT = 1000;

export interface Question {
  readonly folder: string;
  readonly question: string;
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onIndexed: (done: number, total: number) => void;
  /** With these what the words found is put in order by meaning too; null where there are none. */
  readonly vectors: Vectors | null;
}

/** Folders whose index stays open. */
const OPEN = 4;

interface Open {
  readonly index: OpenIndex;
  readonly upkeep: Upkeep;
  readonly texts: Texts;
}

/**
 * Answers questions about folders from indexes in `indexes`, an absolute path; one question at a time. An index that turns out to be
 * damaged is built anew. Throws FaultError: the folder's own, `DISK_FULL` or `DATA_FOLDER_UNUSABLE`.
 */
export function createFinder(indexes: string) {
  const open = new Map<string, Open>();

  function openFor(root: string, damaged: boolean): Open & { state: IndexState } {
    const known = open.get(root);
    if (known?.index.isThere() === true && !damaged) return { ...known, state: 'kept' };
    close(root);
    for (const other of [...open.keys()].slice(OPEN - 1)) close(other);
    const name = createHash('sha256').update(root).digest('hex').slice(0, 32);
    const index = openIndex({ folder: indexes, name, damaged });
    const opened = { upkeep: new Upkeep(root, index), index, texts: new Texts(root) };
    open.set(root, opened);
    return { ...opened, state: index.state };
  }

  function close(root: string): void {
    open.get(root)?.index.db.close();
    open.delete(root);
  }

  async function answer(root: string, asked: Question, damaged: boolean): Promise<Answer> {
    const { upkeep, index, texts, state } = openFor(root, damaged);
    const current = await upkeep.look(asked);
    const read: Reading = (path) => texts.lines(path, current.files.get(path)?.hash ?? '');
    const words = weigh(index.db, askedIn(asked.question));
    const opened = await openAll(lookUp(index.db, words), read, asked.signal);
    const { limit, vectors, question, signal } = asked;
    const ranked = rank({
      words,
      candidates: opened.candidates,
      limit: vectors === null ? limit : Math.max(limit, RERANKED),
      asksNumber: asksNumber(question),
    });
    const byWords = ranked.slice(0, limit);
    const linesOf = (path: string) => opened.texts.get(path) ?? [];
    const reranked =
      vectors === null ? null : await rerank({ db: index.db, vectors, question, ranked, linesOf, signal });
    return {
      found: byWords.some(({ score }) => score >= FOUND),
      passages: (reranked?.slice(0, limit) ?? byWords).map((one) => passageOf(one, opened.texts)),
      ranking: reranked === null ? 'words' : 'meaning',
      words: words.map(({ form }) => form),
      ...(await searchedOf(current, read)),
      index: { state, changed: current.changed },
    };
  }

  return async (asked: Question): Promise<Answer> => {
    const root = await resolveFolder(asked.folder);
    try {
      return await answer(root, asked, false);
    } catch (error) {
      // What was half done may be known wrongly: the next question opens it again.
      close(root);
      if (storageFault(error)?.code !== 'DATABASE_DAMAGED') return throwFault(error);
    }
    return answer(root, asked, true).catch((error: unknown) => throwFault(error));
  };
}

/** The lines of a file of the folder; null when it cannot be read any more. */
type Reading = (path: string) => Promise<readonly string[] | null>;

/** The candidates with the lines of their files, each read once; files that went away meanwhile are left out. */
async function openAll(candidates: readonly Candidate[], read: Reading, signal: AbortSignal) {
  const texts = new Map<string, readonly string[]>();
  await inParallel([...new Set(candidates.map(({ path }) => path))], signal, async (path) => {
    const lines = await read(path);
    if (lines !== null) texts.set(path, lines);
  });
  const opened = candidates.flatMap((candidate): Opened[] => {
    const lines = texts.get(candidate.path);
    return lines === undefined ? [] : [{ ...candidate, lines }];
  });
  return { texts, candidates: opened };
}

function passageOf({ path, line, score }: Ranked, texts: ReadonlyMap<string, readonly string[]>): Passage {
  const lines = texts.get(path) ?? [];
  const from = Math.max(1, line - AROUND);
  const context = lines
    .slice(from - 1, line + AROUND)
    .map((quote, index) => ({ line: from + index, quote: quote.slice(0, LINE_LIMIT) }));
  return { path, line, quote: lines[line - 1] ?? '', context, score: Math.round(score * 1000) / 1000 };
}

async function searchedOf({ walked, files }: Current, read: Reading) {
  const searched = { files: 0, lines: 0 };
  const notRead = [...walked.notRead];
  let longLines = 0;
  for (const { path, unread, lines, long_lines } of files.values()) {
    if (unread !== null) notRead.push({ path, reason: unread, folder: false });
    else searched.files += 1;
    searched.lines += lines;
    longLines += long_lines;
  }
  notRead.sort((a, b) => (a.path < b.path ? -1 : 1));
  const readable = walked.files.filter((path) => files.get(path)?.unread === null);
  return {
    searched,
    count: files.size,
    sample: await sampleOf(readable, read),
    truncated: walked.truncated,
    longLines,
    notRead: notRead.slice(0, NAMED_LIMIT),
    notReadByReason: byReason(notRead),
  };
}

/** The first line with something on it, of the first file that has one. */
async function sampleOf(paths: readonly string[], read: Reading) {
  for (const path of paths.slice(0, SAMPLED)) {
    const lines = (await read(path)) ?? [];
    const line = lines.findIndex((quote) => quote.trim() !== '' && quote.length <= LINE_LIMIT);
    const quote = lines[line];
    if (quote !== undefined) return { path, line: line + 1, quote };
  }
  return null;
}
