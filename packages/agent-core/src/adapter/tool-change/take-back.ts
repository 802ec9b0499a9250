import { CallPreview, type Content, FaultError } from '@soma/schemas/event';
import type { ContentStore, ToolContext } from '../../port/index.ts';
import { hashOf } from '../tool-folder/index.ts';
import { loadedChanges, type PlannedChange } from './planned.ts';
import { readExact } from './text-file.ts';

/**
 * What gives the files of an earlier call the texts back that they had before it, from what that call showed it would do. A file that has its
 * text again is left. Throws FaultError FILE_CHANGED where somebody has written since, CONTENT_GONE, TOOL_INPUT_INVALID.
 */
export async function plannedBack(
  preview: Content,
  root: string,
  { content, scope }: { readonly content: ContentStore; readonly scope: ToolContext['scope'] },
): Promise<PlannedChange[]> {
  const text = await content.get(scope, preview);
  if (text === null) throw new FaultError('CONTENT_GONE', { hash: preview.hash });
  const shown = CallPreview.parse(JSON.parse(text));
  if (shown.kind !== 'files') throw new FaultError('TOOL_INPUT_INVALID', { path: 'preview' });
  const changes: PlannedChange[] = [];
  for (const { path, before, after } of await loadedChanges(shown.changes, { content, scope })) {
    const now = (await readExact(root, path))?.text ?? null;
    if (now === before) continue;
    if (now !== after)
      throw new FaultError('FILE_CHANGED', { path, expected: textHash(after), found: textHash(now) });
    changes.push({ path, before: after, after: before });
  }
  return changes;
}

function textHash(text: string | null): string | null {
  return text === null ? null : hashOf(text);
}
