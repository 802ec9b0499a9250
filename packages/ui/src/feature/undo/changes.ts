import { ChangeSet, type Fault } from '@soma/schemas/event';
import { mergeChanges, type RunState } from '@soma/schemas/run';
import { useMemo } from 'react';
import { useContents, useRunStates, useRuns } from '../../client/index.ts';
import type { ShownChange } from '../change/index.ts';

/** What a run, or one of its tasks, did to files. */
export interface RunChanges {
  /** One entry a file that is not as it was before; null while they are read. */
  readonly files: readonly ShownChange[] | null;
  readonly fault: Fault | null;
}

export function useRunChanges({ changes }: RunState, task: string | null = null): RunChanges {
  const wanted = useMemo(
    () => changes.filter((each) => task === null || each.task === task).map(({ set }) => set),
    [changes, task],
  );
  const { value, fault } = useContents(wanted);
  const files = useMemo(() => {
    if (wanted.length === 0) return [];
    return value === null ? null : shownOf(value);
  }, [wanted, value]);
  return { files, fault };
}

/** The runs that this one had started, and those that they had, as far as the window knows them. */
export function useStarted(run: string): readonly RunState[] {
  const rows = useRuns();
  const isOfIt = (parent: string | undefined): boolean =>
    parent !== undefined && (parent === run || isOfIt(rows.find((row) => row.run === parent)?.parent?.run));
  return useRunStates(rows.filter(({ parent }) => isOfIt(parent?.run)).map((row) => row.run));
}

/** What undoing runs together would take back. */
export interface Undoable {
  /** Files any of them changed, and those of them that are not undone yet, from the first one's folder; null while they are read. */
  readonly files: { readonly all: readonly string[]; readonly left: readonly string[] } | null;
  readonly fault: Fault | null;
}

export function useUndoable(runs: readonly RunState[]): Undoable {
  const wanted = useMemo(() => runs.flatMap(({ changes }) => changes.map(({ set }) => set)), [runs]);
  const { value, fault } = useContents(wanted);
  const files = useMemo(() => {
    if (wanted.length === 0) return { all: [], left: [] };
    return value === null ? null : undoableOf(runs, value);
  }, [runs, wanted, value]);
  return { files, fault };
}

function undoableOf(runs: readonly RunState[], texts: readonly string[]): NonNullable<Undoable['files']> {
  const all = new Set<string>();
  const left = new Set<string>();
  const around = runs[0]?.folder.path ?? '';
  let from = 0;
  for (const { changes, folder, undone } of runs) {
    const sets = texts.slice(from, from + changes.length).flatMap((text) => setOf(text));
    from += changes.length;
    const inside = folder.path.startsWith(`${around}/`) ? `${folder.path.slice(around.length + 1)}/` : '';
    for (const { path } of mergeChanges(sets)) {
      all.add(inside + path);
      if (!undone.includes(path)) left.add(inside + path);
    }
  }
  return { all: [...all], left: [...left] };
}

function setOf(text: string): readonly ChangeSet[] {
  const { data } = ChangeSet.safeParse(JSON.parse(text));
  return data === undefined ? [] : [data];
}

function shownOf(texts: readonly string[]): readonly ShownChange[] {
  const sets = texts.flatMap((text) => setOf(text));
  const all = sets.flatMap(({ files }) => files);
  return mergeChanges(sets).map((merged) => {
    const [only, ...others] = all.filter(({ path }) => path === merged.path);
    // What two calls added is not the sum of both.
    return only === undefined || others.length > 0
      ? merged
      : { ...merged, added: only.added, removed: only.removed };
  });
}
