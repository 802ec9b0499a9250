import type { Slots } from '@soma/schemas/event';

/** Most places for slots of one example. */
export const MOST_SLOTS = 3;
/** A goal longer than this, in UTF-16 units, is no sentence of a template with so many places: the ways to fit it multiply with each. */
const LONGEST = [1000, 1000, 1000, 400] as const;
/** Nor is one with a hole like this in it. */
const HOLE = /\s{8}/;
/** What people put before a wish, and after it. */
const BEFORE = String.raw`^\s*(?:(?:please|kindly|bitte|can you|could you|would you|will you|i want to|i would like to)[\s,:]+)*`;
const AFTER = String.raw`[\s.!?]*$`;
const QUOTED = String.raw`["'“”„‘’\x60](.+?)["'“”’\x60]`;
/** What a place for a slot takes, by the sign behind its name: nothing, `/` or `...`. */
const TAKES: Readonly<Record<string, string>> = {
  '': String.raw`(?:${QUOTED}|([^\s"'“”„‘’\x60]+?))`,
  '/': String.raw`(?:${QUOTED}|([^\s"'“”„‘’\x60]*[./][^\s"'“”„‘’\x60]*?))`,
  '...': '(?:()(.+?))',
};
/** A place for a slot: its name and its sign. */
const SLOT = /\{(\w+)(\/|\.\.\.)?\}/g;

/**
 * An example goal with places for slots: `{name}` stands for one word or a quoted text, `{name/}` for a path
 * (a word with a dot or a slash, or a quoted text), `{name...}` for one or more words. "rename {from}
 * to {to}" fits "Rename fastq to createQueue!" and fills both.
 */
export interface Template {
  /** Words besides the slots. */
  readonly words: number;
  readonly slots: readonly string[];
  /** What a goal fills the slots with; null when it does not fit. */
  readonly fit: (goal: string) => Slots | null;
}

const made = new Map<string, Template | null>();

/** The example as a template; null when it has no slot. */
export function templateOf(example: string): Template | null {
  const known = made.get(example);
  if (known !== undefined) return known;
  const template = compile(example);
  made.set(example, template);
  return template;
}

function compile(example: string): Template | null {
  const slots = [...example.matchAll(SLOT)].map(([, name = '']) => name);
  if (slots.length === 0) return null;
  const parts = example.split(/(\{[^}]*\})/).map(patternOf);
  const pattern = new RegExp(BEFORE + parts.join('') + AFTER, 'iu');
  const words = withoutSlots(example).split(/\s+/).filter(Boolean).length;
  return {
    words,
    slots,
    fit: (goal) => {
      const said = goal.trim();
      const isLong = said.length > (LONGEST[slots.length] ?? 0);
      return isLong || HOLE.test(said) ? null : filled(pattern.exec(said), example);
    },
  };
}

/** The example as plain words. */
export function withoutSlots(example: string): string {
  return example.replace(SLOT, ' ').trim();
}

function patternOf(part: string): string {
  const [slot] = part.matchAll(SLOT);
  if (slot !== undefined) return TAKES[slot[2] ?? ''] ?? '';
  const escaped = part
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (escaped.join('') === '') return part === '' ? '' : String.raw`\s+`;
  const open = /^\s/.test(part) ? String.raw`\s+` : '';
  const close = /\s$/.test(part) ? String.raw`\s+` : '';
  return open + escaped.join(String.raw`\s+`) + close;
}

function filled(match: RegExpExecArray | null, example: string): Slots | null {
  if (match === null) return null;
  const found: Record<string, string> = {};
  for (const [index, [, name = '']] of [...example.matchAll(SLOT)].entries()) {
    // Every place has two groups: what stood in quotes, and what did not.
    found[name] = match[2 * index + 1] || (match[2 * index + 2] ?? '');
  }
  return found;
}
