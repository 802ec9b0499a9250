import { diffArrays, diffWordsWithSpace } from 'diff';
import type { CodeLine } from '../../design/index.ts';

/** Unchanged lines shown before and after what changed. */
const CONTEXT = 2;
/** Most edits looked for between two texts, and most milliseconds spent on it; beyond, lines are paired as they stand. */
const MOST_EDITS = 3000;
const MOST_MS = 800;
/** Longest line whose words are compared, in characters. */
const LONGEST_LINE = 600;

/** Lines beside one another that changed, and how many that are the same go before. */
interface Block {
  readonly same: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** One row of a unified difference. `other` is the line that this one became or came from. */
export type DifferenceRow =
  | { readonly kind: 'head'; readonly from: number; readonly to: number; readonly within: string | null }
  | { readonly kind: 'same'; readonly line: number; readonly newLine: number; readonly text: string }
  | { readonly kind: 'removed'; readonly line: number; readonly text: string; readonly other: string | null }
  | {
      readonly kind: 'added';
      readonly newLine: number;
      readonly text: string;
      readonly other: string | null;
    };

/** Both texts line by line, each line with its own ending, so that a changed ending is a change. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * The difference between two texts as rows, without what is far from any change. Its time is bounded: two texts with more edits than
 * can be compared are shown line against line when they have as many lines, else as one block for the other.
 */
export function differenceOf(before: string, after: string): readonly DifferenceRow[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  return rowsOf(blocksOf(old, fresh), old);
}

function blocksOf(old: readonly string[], fresh: readonly string[]): readonly Block[] {
  let first = 0;
  while (first < old.length && first < fresh.length && old[first] === fresh[first]) first += 1;
  let last = 0;
  const most = Math.min(old.length, fresh.length) - first;
  while (last < most && old[old.length - 1 - last] === fresh[fresh.length - 1 - last]) last += 1;
  const [a, b] = [old.slice(first, old.length - last), fresh.slice(first, fresh.length - last)];
  if (a.length + b.length === 0) return [];
  const [head, ...rest] = compared(a, b);
  return head === undefined ? [] : [{ ...head, same: head.same + first }, ...rest];
}

function compared(a: readonly string[], b: readonly string[]): readonly Block[] {
  const parts = diffArrays([...a], [...b], { maxEditLength: MOST_EDITS, timeout: MOST_MS });
  if (parts === undefined) return a.length === b.length ? paired(a, b) : [{ same: 0, removed: a, added: b }];
  const blocks: Block[] = [];
  let block: Block = { same: 0, removed: [], added: [] };
  const close = () => {
    if (block.removed.length + block.added.length > 0) blocks.push(block);
  };
  for (const { added, removed, value } of parts) {
    if (removed) block = { ...block, removed: value };
    else if (added) block = { ...block, added: value };
    else {
      close();
      block = { same: value.length, removed: [], added: [] };
    }
  }
  close();
  return blocks;
}

/** Line against line, for two texts with as many lines. */
function paired(a: readonly string[], b: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  let same = 0;
  for (const [place, line] of a.entries()) {
    const other = b[place] ?? '';
    if (line === other) same += 1;
    else {
      blocks.push({ same, removed: [line], added: [other] });
      same = 0;
    }
  }
  return blocks;
}

function rowsOf(blocks: readonly Block[], old: readonly string[]): readonly DifferenceRow[] {
  const rows: DifferenceRow[] = [];
  let [line, newLine] = [1, 1];
  /** Rows of lines that are the same, from the place where both texts stand now. */
  const same = (count: number) => {
    for (let step = 0; step < count; step += 1, line += 1, newLine += 1)
      rows.push({ kind: 'same', line, newLine, text: shownLine(old[line - 1] ?? '') });
  };
  for (const [place, block] of blocks.entries()) {
    const near = place > 0 && block.same <= 2 * CONTEXT;
    if (near) same(block.same);
    else {
      const tail = place === 0 ? 0 : CONTEXT;
      same(tail);
      const lead = Math.min(CONTEXT, block.same - tail);
      const passed = block.same - tail - lead;
      line += passed;
      newLine += passed;
      const reach = reachOf(blocks, place, line + lead) + CONTEXT;
      rows.push(headOf(line, Math.min(old.length, reach), old));
      same(lead);
    }
    const [gone, come] = [block.removed, block.added];
    for (const [at, text] of gone.entries())
      rows.push({ kind: 'removed', line: line + at, ...worded(text, come[at]) });
    for (const [at, text] of come.entries())
      rows.push({ kind: 'added', newLine: newLine + at, ...worded(text, gone[at]) });
    line += gone.length;
    newLine += come.length;
  }
  if (blocks.length > 0) same(Math.min(CONTEXT, old.length - line + 1));
  return rows;
}

/** The last old line of the hunk that begins at a block. */
function reachOf(blocks: readonly Block[], place: number, from: number): number {
  let at = from;
  for (const [step, block] of blocks.slice(place).entries()) {
    if (step > 0 && block.same > 2 * CONTEXT) break;
    at += (step === 0 ? 0 : block.same) + block.removed.length;
  }
  return Math.max(from, at - 1);
}

function headOf(from: number, to: number, old: readonly string[]): DifferenceRow {
  // As git does it: the nearest line above that begins with a letter at the margin names what the lines are in.
  for (let at = from - 1; at >= 1; at -= 1) {
    const text = old[at - 1] ?? '';
    if (/^[\p{L}_$]/u.test(text)) return { kind: 'head', from, to, within: shownLine(text).slice(0, 60) };
  }
  return { kind: 'head', from, to, within: null };
}

/** A line without its ending. */
function shownLine(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** What is shown of a line that changed, and of its counterpart; where only the endings differ, the endings are shown. */
function worded(text: string, counterpart: string | undefined): { text: string; other: string | null } {
  const [one, other] = [shownLine(text), counterpart === undefined ? null : shownLine(counterpart)];
  if (one !== other || counterpart === undefined) return { text: one, other };
  return { text: one + signs(text), other: one + signs(counterpart) };
}

function signs(text: string): string {
  const ending = /\r?\n$/.exec(text)?.[0] ?? '';
  return ending.replace('\r', '\u240D').replace('\n', '\u240A');
}

/** The row as a line of code, with the words that differ marked. `head` words a hunk's head. */
export function codeLineOf(
  row: DifferenceRow,
  head: (row: Extract<DifferenceRow, { kind: 'head' }>) => string,
): CodeLine {
  if (row.kind === 'head') return { kind: 'head', text: head(row) };
  if (row.kind === 'same') return row;
  const { other, ...line } = row;
  if (other === null) return line;
  const [gone, come] = row.kind === 'removed' ? [row.text, other] : [other, row.text];
  return { ...line, marks: marksOf({ before: gone, after: come, side: row.kind }) };
}

interface Pair {
  readonly before: string;
  readonly after: string;
  readonly side: 'removed' | 'added';
}

/** Start and end of each run of words that only this side has. None where the two lines have little in common. */
function marksOf({ before, after, side }: Pair): readonly (readonly [number, number])[] {
  if (before.length > LONGEST_LINE || after.length > LONGEST_LINE) return edgesOf(before, after, side);
  const marks: [number, number][] = [];
  let [at, kept] = [0, 0];
  for (const part of diffWordsWithSpace(before, after)) {
    const own = side === 'removed' ? part.removed : part.added;
    if (part.added !== part.removed && !own) continue;
    const end = at + part.value.length;
    if (own) {
      const last = marks.at(-1);
      if (last !== undefined && last[1] === at) last[1] = end;
      else marks.push([at, end]);
    } else kept += part.value.trim().length;
    at = end;
  }
  return kept === 0 ? [] : marks;
}

/** For very long lines: all between the ends that both share. */
function edgesOf(before: string, after: string, side: Pair['side']): readonly (readonly [number, number])[] {
  const shortest = Math.min(before.length, after.length);
  let first = 0;
  while (first < shortest && before[first] === after[first]) first += 1;
  let last = 0;
  while (last < shortest - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
  return [[first, (side === 'removed' ? before : after).length - last]];
}
