import type { ChangeSet, FileChange } from '../event/change.ts';

/** A file's whole way through a run: its text before the first change and after the last. */
export type MergedChange = Pick<FileChange, 'path' | 'kind' | 'before' | 'after'>;

/** What change sets come to together, one entry a file that is not as it was, in the order of paths. */
export function mergeChanges(sets: readonly ChangeSet[]): readonly MergedChange[] {
  const merged = new Map<string, Pick<FileChange, 'before' | 'after'>>();
  for (const { path, before, after } of sets.flatMap(({ files }) => files)) {
    const first = merged.get(path);
    merged.set(path, { before: first === undefined ? before : first.before, after });
  }
  return [...merged]
    .filter(([, { before, after }]) => before?.hash !== after?.hash)
    .map(([path, { before, after }]) => ({ path, kind: kindOf(before, after), before, after }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a change is called, from the text before and after. */
export function kindOf(before: FileChange['before'], after: FileChange['after']): FileChange['kind'] {
  if (before === null) return 'created';
  return after === null ? 'deleted' : 'changed';
}
