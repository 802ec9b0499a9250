import { ChangeSet, type Fault } from '@soma/schemas/event';
import { mergeChanges, type RunState } from '@soma/schemas/run';
import { useMemo } from 'react';
import { useContents } from '../../client/index.ts';
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

function shownOf(texts: readonly string[]): readonly ShownChange[] {
  const sets = texts.flatMap((text) => ChangeSet.safeParse(JSON.parse(text)).data ?? []);
  const all = sets.flatMap(({ files }) => files);
  return mergeChanges(sets).map((merged) => {
    const [only, ...others] = all.filter(({ path }) => path === merged.path);
    // What two calls added is not the sum of both.
    return only === undefined || others.length > 0
      ? merged
      : { ...merged, added: only.added, removed: only.removed };
  });
}
