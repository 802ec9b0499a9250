import { type Word, wordsOf } from './words.ts';

/** Lines of a file that are looked up together, `from` to `to`, both 1-based and within. */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** Words of the lines that name something, and of all lines: stems, with spaces between. */
  readonly head: string;
  readonly body: string;
}

/** Most and fewest lines of a window. It ends early where a blank line or a naming line gives a natural end. */
const MOST = 24;
const FEWEST = 8;

/** Longest line, in UTF-16 units, that is searched and quoted. */
export const LINE_LIMIT = 2000;

const HEADING = /^\s{0,3}(?:#{1,6}\s|={1,6}\s)/;
const NAMING =
  /^\s*(?:(?:export|default|public|private|protected|internal|open|override|static|final|abstract|async|declare|inline|extern|pub(?:\(\w+\))?|unsafe|virtual|@\w+)\s+)*(?:class|interface|struct|enum|union|trait|impl|protocol|extension|module|namespace|package|type|typedef|def|func|function|fn|sub|proc|macro_rules!|#define|const|let|var|val)\b/;
/** A definition as C, C++, Java and C# write it: at least a type, then a name with what it takes. */
const TYPED = /^(?:[\w*&<>[\],.:@?]+\s+)+[*&]*[\w:~]+\s*\([^;]*$/;

/** Whether a line says what the lines below it are about: a heading or a definition. */
export function isNaming(line: string): boolean {
  return (
    HEADING.test(line) ||
    NAMING.test(line) ||
    (TYPED.test(line.trim()) && !/^\s*(?:return|else|await)\b/.test(line))
  );
}

/** The windows of a file, in order; lines too long to be quoted take no part. */
export function windowsOf(lines: readonly string[]): Window[] {
  const windows: Window[] = [];
  for (let from = 0; from < lines.length; ) {
    const to = endOf(lines, from);
    const head: string[] = [];
    const body: string[] = [];
    for (let at = from; at < to; at += 1) {
      const line = lines[at] ?? '';
      if (line.length > LINE_LIMIT) continue;
      const stems = wordsOf(line).map(({ stem }: Word) => stem);
      for (const stem of stems) body.push(stem);
      if (stems.length > 0 && isNaming(line)) head.push(...stems);
    }
    if (body.length > 0) windows.push({ from: from + 1, to, head: head.join(' '), body: body.join(' ') });
    from = to;
  }
  return windows;
}

/** Where the window that begins at `from` ends (not within); 0-based. */
function endOf(lines: readonly string[], from: number): number {
  const last = Math.min(lines.length, from + MOST);
  if (last === lines.length) return last;
  for (let at = last; at > from + FEWEST; at -= 1) {
    if ((lines[at - 1] ?? '').trim() === '') return at;
  }
  return last;
}
