import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';

/** From line `line` on (1-based, in the text before), the lines `remove` stand there exactly; `insert` takes their place. */
export const Hunk = z.object({
  line: z.number().int().min(1),
  remove: z.array(z.string()).max(20_000),
  insert: z.array(z.string()).max(20_000),
});
export type Hunk = z.infer<typeof Hunk>;

/**
 * The text with the hunks applied, from top to bottom. Inserted lines end as the line before them does, or as the first line of
 * the text. Throws FaultError TOOL_INPUT_INVALID for hunks out of order and FILE_CHANGED where a removed line does not stand.
 */
export function applyHunks(path: string, text: string, hunks: readonly Hunk[]): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const out: string[] = [];
  let next = 0;
  for (const { line, remove, insert } of hunks) {
    if (line - 1 < next || line - 1 > lines.length) {
      throw new FaultError('TOOL_INPUT_INVALID', { tool: 'patch_files', path: `${path}:${line}` });
    }
    out.push(...lines.slice(next, line - 1));
    const stands = remove.every((quote, index) => withoutEnd(lines[line - 1 + index]) === quote);
    if (!stands) throw new FaultError('FILE_CHANGED', { path, line });
    next = line - 1 + remove.length;
    const end = endOf(lines[Math.min(next, lines.length) - 1] ?? lines[0]);
    // A last line without an end stays one only while it stays the last.
    const before = out.at(-1);
    if (insert.length > 0 && before !== undefined && !before.endsWith('\n')) out.push(end);
    const last = next >= lines.length && !(lines.at(-1)?.endsWith('\n') ?? true);
    out.push(...insert.map((quote, index) => (last && index === insert.length - 1 ? quote : quote + end)));
  }
  out.push(...lines.slice(next));
  return out.join('');
}

function withoutEnd(line: string | undefined): string | undefined {
  return line?.replace(/\r?\n$/, '');
}

function endOf(line: string | undefined): string {
  return line?.endsWith('\r\n') === true ? '\r\n' : '\n';
}
