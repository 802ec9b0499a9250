import { readFileSync } from 'node:fs';
import { type PackageName, unpack } from '../../folders.ts';

/** A question about a pinned folder, and the lines that answer it; none when the folder has no answer. Committed before any tuning. */
export interface Question {
  readonly folder: PackageName;
  readonly question: string;
  /** 1-based, both within. */
  readonly answers: readonly { readonly path: string; readonly from: number; readonly to: number }[];
}

/** `find-tune`: the threshold was set on these. `find-bench`: nothing ever was. */
export function questionsOf(set: 'find-tune' | 'find-bench'): readonly Question[] {
  return JSON.parse(readFileSync(new URL(`./questions/${set}.json`, import.meta.url), 'utf8')) as Question[];
}

export interface Quote {
  readonly path: string;
  readonly line: number;
}

/** Which of the quotes, from 0, lies in a line that answers; -1 when none does. */
export function answeredBy({ answers }: Question, quotes: readonly Quote[]): number {
  return quotes.findIndex(({ path, line }) =>
    answers.some((answer) => answer.path === path && line >= answer.from && line <= answer.to),
  );
}

/** The folders that the questions are about, each by its name. */
export async function placeFolders(questions: readonly Question[]) {
  const folders = new Map<PackageName, string>();
  const removals: (() => Promise<void>)[] = [];
  for (const name of new Set(questions.map(({ folder }) => folder))) {
    const { path, remove } = await unpack(name);
    folders.set(name, path);
    removals.push(remove);
  }
  return {
    at: (name: PackageName): string => {
      const path = folders.get(name);
      if (path === undefined) throw new Error(`${name} was not unpacked`);
      return path;
    },
    all: folders,
    remove: async () => {
      for (const remove of removals) await remove();
    },
  };
}
