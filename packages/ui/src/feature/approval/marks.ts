import { useState } from 'react';
import type { Question } from './question.ts';

/** Questions that a person wants to answer together. */
export interface Marks {
  /** Those that are marked, as they wait in the list. */
  readonly marked: readonly Question[];
  readonly has: (approval: string) => boolean;
  readonly toggle: (approval: string) => void;
  /** Marks everything between the last one that was marked or unmarked and this one. */
  readonly through: (approval: string) => void;
  /** Marks these and no others. */
  readonly only: (approvals: readonly string[]) => void;
}

interface Marked {
  /** Each by its id with the hash of the arguments it had: what asks for something else since is not marked any more. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly from: string | null;
}

const NONE: Marked = { hashes: new Map(), from: null };

/** The marks on what waits. A question that was answered or changed meanwhile loses its mark. */
export function useMarks(waiting: readonly Question[], open: string | null): Marks {
  const [{ hashes, from }, setMarked] = useState(NONE);
  const marked = waiting.filter(({ approval }) => hashes.get(approval.id) === approval.arguments.hash);
  const has = (id: string) => marked.some(({ approval }) => approval.id === id);
  const set = (ids: readonly string[], last: string | null) => {
    const wanted = waiting.filter(({ approval }) => ids.includes(approval.id));
    setMarked({
      hashes: new Map(wanted.map(({ approval }) => [approval.id, approval.arguments.hash])),
      from: last,
    });
  };
  const ids = marked.map(({ approval }) => approval.id);
  const placeOf = (id: string | null) => waiting.findIndex(({ approval }) => approval.id === id);
  return {
    marked,
    has,
    toggle: (id) => set(has(id) ? ids.filter((each) => each !== id) : [...ids, id], id),
    through: (id) => {
      const [first, last] = [Math.max(0, placeOf(from ?? open)), placeOf(id)].sort((a, b) => a - b);
      const between = waiting.slice(first, (last ?? 0) + 1).map(({ approval }) => approval.id);
      set([...ids, ...between], from ?? open);
    },
    only: (wanted) => set(wanted, wanted.at(-1) ?? null),
  };
}
