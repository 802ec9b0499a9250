import type { Token } from 'markdown-it';
import { type Definitions, labelOf, parse } from './parser.ts';

/** A heading, a paragraph, a list, a table, a block of code: what stands at the outermost level of a text. */
export interface Block {
  /** Its place among the blocks of the text, from 0; it keeps it as the text grows. */
  readonly place: number;
  readonly tokens: readonly Token[];
}

/** So many blocks are told apart from the others as one: a long text is compared by groups, not by blocks. */
export const GROUP = 16;

/** A text that grows at its end, read as it comes. */
export interface MarkdownStream {
  /**
   * The blocks of a text, by groups. Where it begins with the text of the last call, blocks that nothing can change any more are
   * the same objects as before, and so are groups of them. What comes out depends on the text alone.
   */
  readonly read: (text: string) => readonly (readonly Block[])[];
}

/** A block that nothing at the end of the text can change, but for links that are defined later. */
interface Closed {
  block: Block;
  readonly source: string;
  /** What may be a link to a definition, one inline text a line; empty where there is none. */
  readonly mentions: string;
}

/** What is still open of a text, and all that the text defines. */
interface Tail {
  readonly blocks: readonly (readonly Token[])[];
  readonly definitions: Definitions;
}

export function markdownStream(): MarkdownStream {
  let text = '';
  let closed: Closed[] = [];
  let closedTo = 0;
  let defined: Definitions = {};
  let applied: Definitions = {};
  let groups: (readonly Block[])[] = [];

  const reset = () => {
    [closed, closedTo, defined, applied, groups] = [[], 0, {}, {}, []];
  };

  /** Closes all but what the end of the text can still change, and answers what is left. */
  const close = (source: string): Tail => {
    const { tokens: all, definitions } = parse(source, defined);
    const blocks = outermost(all);
    const starts = lineStarts(source);
    const count = closable(blocks, source, starts);
    for (const [index, tokens] of blocks.slice(0, count).entries()) {
      const from = index === 0 ? 0 : startOf(tokens, starts);
      const upTo = startOf(blocks[index + 1], starts);
      const block = { place: closed.length, tokens };
      closed.push({ block, source: source.slice(from, upTo), mentions: mentionsOf(tokens) });
      defined = { ...defined, ...ownDefinitions(tokens, definitions) };
    }
    if (count > 0) closedTo += startOf(blocks[count], starts);
    return { blocks: blocks.slice(count), definitions };
  };

  /** Links of closed blocks to what was defined, or taken back, since the last call. */
  const relink = (definitions: Definitions) => {
    const changed = changedLabels(applied, definitions);
    applied = definitions;
    if (changed.length === 0) return;
    for (const [index, each] of closed.entries()) {
      if (each.mentions === '' || !changed.some((label) => each.mentions.includes(label))) continue;
      each.block = { ...each.block, tokens: parse(each.source, definitions).tokens };
      groups.length = Math.min(groups.length, Math.floor(index / GROUP));
    }
  };

  const grouped = (tail: Tail) => {
    const shown = [...groups];
    for (let from = groups.length * GROUP; from < closed.length + tail.blocks.length; from += GROUP) {
      const own = closed.slice(from, from + GROUP).map(({ block }) => block);
      const first = Math.max(0, from - closed.length);
      const open = tail.blocks.slice(first, Math.max(0, from + GROUP - closed.length));
      const group = [...own, ...open.map((tokens, index) => ({ place: from + own.length + index, tokens }))];
      shown.push(group);
      if (own.length === GROUP) groups.push(group);
    }
    return shown;
  };

  let shown: readonly (readonly Block[])[] = [];
  return {
    read: (next) => {
      if (next === text) return shown;
      if (!next.startsWith(text)) reset();
      text = next;
      const tail = close(next.slice(closedTo));
      relink(tail.definitions);
      shown = grouped(tail);
      return shown;
    },
  };
}

/** The tokens of each block of the outermost level. */
function outermost(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const blocks: (readonly Token[])[] = [];
  let from = 0;
  for (const [index, { level, nesting }] of tokens.entries()) {
    if (level > 0 || nesting > 0) continue;
    blocks.push(tokens.slice(from, index + 1));
    from = index + 1;
  }
  return blocks;
}

/** Where each line of a text begins, and where the next one would. */
function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 10 || (code === 13 && source.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

const lineOf = (block: readonly Token[] | undefined): number => block?.[0]?.map?.[0] ?? 0;
const startOf = (block: readonly Token[] | undefined, starts: readonly number[]): number =>
  starts[lineOf(block)] ?? 0;

/**
 * How many blocks from the first the end of the text cannot change. A block is closed by the next one, once two lines of that are
 * there whole: the second may make a table of the first, which stands alone then. What stands right under a definition may become its title.
 */
function closable(blocks: readonly (readonly Token[])[], source: string, starts: readonly number[]): number {
  const whole = starts.length - 1;
  let [count, underDefinition] = [0, false];
  for (let index = 1; index < blocks.length; index += 1) {
    const line = lineOf(blocks[index]);
    if (line + 2 > whole) break;
    const before = source.slice(starts[line - 1], starts[line]);
    if (/^[ \t]*[\r\n]*$/.test(before)) underDefinition = false;
    else underDefinition ||= blocks[index - 1]?.some(({ type }) => type === 'reference_definition') ?? false;
    if (!underDefinition) count = index;
  }
  return count;
}

/** What a block defines, unless something before it does. */
function ownDefinitions(tokens: readonly Token[], definitions: Definitions): Definitions {
  const own: Record<string, Definitions[string]> = {};
  for (const { type, meta } of tokens) {
    const label = type === 'reference_definition' ? meta?.label : undefined;
    const definition = typeof label === 'string' ? definitions[label] : undefined;
    if (typeof label === 'string' && definition !== undefined) own[label] = definition;
  }
  return own;
}

function mentionsOf(tokens: readonly Token[]): string {
  const inline = tokens.filter(({ type, content }) => type === 'inline' && content.includes('['));
  return inline.map(({ content }) => labelOf(content)).join('\n');
}

function changedLabels(one: Definitions, other: Definitions): readonly string[] {
  const labels = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...labels].filter(
    (label) => one[label]?.href !== other[label]?.href || one[label]?.title !== other[label]?.title,
  );
}
