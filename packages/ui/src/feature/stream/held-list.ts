import { useCallback, useRef, useState } from 'react';

/** A list whose newest entries come first, and which stands still while somebody looks closely. */
export interface HeldList {
  /** What is shown, newest first. */
  readonly shown: readonly string[];
  /** How many newer ones wait above. */
  readonly newer: number;
  /** Told whenever the pointer or the focus enters or leaves, or the list was scrolled. */
  readonly hold: (why: 'hover' | 'focus' | 'scroll', held: boolean) => void;
  /** Shows what waits. */
  readonly goOn: () => void;
}

/** Holds the list of ids while anything holds it. `all` is oldest first and only grows; another `key` begins a new list. */
export function useHeldList(all: readonly string[], key: string): HeldList {
  const reasons = useRef(new Set<string>());
  const [held, setHeld] = useState<{ readonly key: string; readonly count: number } | null>(null);
  // An empty list holds nothing back.
  const holds = held !== null && held.key === key && held.count > 0;
  const count = holds ? Math.min(held.count, all.length) : all.length;
  const hold = useCallback(
    (why: 'hover' | 'focus' | 'scroll', looking: boolean) => {
      if (looking) reasons.current.add(why);
      else reasons.current.delete(why);
      if (reasons.current.size === 0) setHeld(null);
      else
        setHeld((before) => (before?.key === key && before.count > 0 ? before : { key, count: all.length }));
    },
    [all.length, key],
  );
  const goOn = useCallback(() => setHeld({ key, count: all.length }), [key, all.length]);
  return { shown: all.slice(0, count).reverse(), newer: all.length - count, hold, goOn };
}
