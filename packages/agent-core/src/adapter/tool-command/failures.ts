import { isAbsolute, posix, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import { linesOf, readText } from '../tool-folder/index.ts';
import table from './failure-patterns.json' with { type: 'json' };

/**
 * One failure that the output names: `line` (1-based) and `quote` are the line of the output that names it; `at` is the line of the
 * folder's own file where it lies, with that line's text, or null.
 */
export const Failure = z.object({
  title: z.string(),
  line: z.number().int(),
  quote: z.string(),
  at: z.object({ path: z.string(), line: z.number().int(), quote: z.string() }).nullable(),
});
export type Failure = z.infer<typeof Failure>;

const ROLES = [
  /** Names a failure; its place may follow. */
  'headline',
  /** Says where the last named failure lies, unless a place is known. */
  'place',
  /** Says where the test stands that is named next; that is less telling than where it failed. */
  'place-before',
  /** Names a failure when such a place went before it, and else only repeats one. */
  'headline-after-place',
  /** Says where the last named test stands. */
  'declared',
  /** Says where the failure of this title lies. */
  'titled-place',
  /** Names a failure and says where it lies. */
  'whole',
  /** Names the file of the rows below it. */
  'file',
  'row',
  /** Takes back the last named failure: it only sums up others. */
  'cancel',
  /** Names what may turn out a failure, and where it would lie. */
  'candidate',
  'candidate-place',
  'confirm',
] as const;

const Patterns = z
  .array(z.object({ of: z.string(), role: z.enum(ROLES), pattern: z.string() }))
  .transform((rows) => rows.map(({ role, pattern }) => ({ role, expression: new RegExp(pattern) })));

const PATTERNS = Patterns.parse(table);

/** Longest line that is looked at. */
const LINE_LIMIT = 2000;
/** Lines that are looked at in one go. */
const BATCH = 2000;
/** Most failures that are told apart; further ones are not looked for. */
const FOUND_LIMIT = 1000;
/** How far below its headline, in lines, a failure's place is looked for. */
const REACH = 60;
/** What a terminal would show as colour. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins every colour
const COLOUR = /\u001b\[[0-9;]*[A-Za-z]/g;

interface Place {
  readonly path: string;
  readonly line: number;
}

interface Found {
  readonly title: string;
  readonly id: string | null;
  readonly line: number;
  readonly quote: string;
  /** Every place said of it, the most telling first. */
  readonly places: Place[];
  /** Where the test itself stands. */
  readonly declared: Place[];
}

/** Failures that the lines of an output name, in their order, each once, at most `limit`. `folder` is absolute and resolved. */
export async function failuresIn(
  lines: readonly string[],
  folder: string,
  limit: number,
): Promise<Failure[]> {
  const reader = new OutputReader();
  for (const [index, quote] of lines.entries()) {
    // Whoever waits for this thread is let in between.
    if (index % BATCH === BATCH - 1) await setImmediate();
    reader.read(quote, index + 1);
  }
  const failures: Failure[] = [];
  for (const { title, line, quote, places, declared } of named(reader.found).slice(0, limit)) {
    failures.push({ title, line, quote, at: await firstInside([...places, ...declared], folder) });
  }
  return failures;
}

/** The line that says best how a command ended: the last that counts failures or passes, or the last that says anything. */
export function summaryOf(lines: readonly string[]): { line: number; quote: string } {
  const last = lines.findLastIndex((line) => line.trim() !== '' && line.length <= LINE_LIMIT);
  const tells = lines.findLastIndex((line) => line.length <= LINE_LIMIT && SUMMARY.test(plain(line)));
  const index = tells === -1 ? last : tells;
  return index === -1
    ? { line: 1, quote: lines[0]?.slice(0, LINE_LIMIT) ?? '' }
    : { line: index + 1, quote: lines[index] ?? '' };
}

const SUMMARY =
  /^(?:\s*Tests:?\s+.*\d+ (?:passed|failed)|# fail \d+|ℹ fail \d+|=+ .*\d+ (?:passed|failed|error).* =+|\d+ (?:passed|failed).* in [\d.]+s|test result: |FAILED \(|OK(?: \(.*\))?$|Found \d+ errors?|✖ \d+ problems?|\s+\d+ (?:passing|failing)|ok\s+\S+\s+[\d.]+s|FAIL\s+\S+\s+[\d.]+s|error: could not compile|make: \*\*\* |Tests run: )/;

/** A test that only failed because one inside it did is not named beside that. */
function named(found: readonly Found[]): readonly Found[] {
  const isGroup = ({ title, places }: Found) =>
    places.length === 0 && found.some((other) => other.title.startsWith(`${title}/`));
  return found.filter((one) => !isGroup(one));
}

class OutputReader {
  readonly found: Found[] = [];
  #last: Found | null = null;
  /** The line that named it last. */
  #lastLine = 0;
  #before: Place | null = null;
  #file: string | null = null;
  #candidate: { title: string; place: Place | null } | null = null;

  read(quote: string, line: number): void {
    if (quote.length > LINE_LIMIT || quote.trim() === '' || this.found.length >= FOUND_LIMIT) return;
    const text = plain(quote);
    for (const { role, expression } of PATTERNS) {
      const groups = expression.exec(text)?.groups;
      if (groups === undefined && !expression.test(text)) continue;
      if (this.#take(role, groups ?? {}, { quote, line })) return;
    }
  }

  /** Whether the line has been understood; a candidate's line is looked at further. */
  #take(role: (typeof ROLES)[number], groups: Groups, at: Line): boolean {
    switch (role) {
      case 'headline':
        this.#name({ ...titled(groups), places: [placeOf(groups)] }, at);
        return true;
      case 'headline-after-place': {
        const before = this.#before;
        if (before === null) return true;
        this.#name({ ...titled(groups), places: [] }, at);
        add(this.#last?.declared, before);
        return true;
      }
      case 'declared':
        add(this.#last?.declared, placeOf(groups));
        return true;
      case 'whole':
        this.#name({ ...titled(groups), places: [placeOf(groups)] }, at);
        return true;
      case 'row':
        if (this.#file === null) return false;
        this.#name({ ...titled(groups), places: [placeOf({ ...groups, path: this.#file })] }, at);
        return true;
      case 'place': {
        const near = this.#last !== null && at.line - this.#lastLine <= REACH;
        if (near) add(this.#last?.places, placeOf(groups));
        return true;
      }
      case 'titled-place':
        this.#name({ ...titled(groups), places: [placeOf(groups)] }, at);
        return true;
      case 'place-before':
        this.#before = placeOf(groups);
        return true;
      case 'file':
        this.#file = groups.path ?? null;
        return true;
      case 'cancel':
        if (this.#last !== null) this.found.splice(this.found.indexOf(this.#last), 1);
        this.#last = null;
        return true;
      case 'candidate':
        this.#candidate = { title: groups.title ?? '', place: null };
        return false;
      case 'candidate-place':
        if (this.#candidate !== null) this.#candidate = { ...this.#candidate, place: placeOf(groups) };
        return false;
      case 'confirm':
        if (this.#candidate === null) return false;
        this.#name({ title: this.#candidate.title, id: null, places: [this.#candidate.place] }, at);
        this.#candidate = null;
        return true;
      default:
        return role satisfies never;
    }
  }

  /** A failure that is named again only learns where it lies. */
  #name(
    { title, id, places }: Pick<Found, 'title' | 'id'> & { places: readonly (Place | null)[] },
    at: Line,
  ): void {
    this.#before = null;
    const known = this.found.find((one) => isSame(one, { title, id, places }));
    const failure = known ?? { title, id, ...at, places: [], declared: [] };
    if (known === undefined) this.found.push(failure);
    for (const place of places) add(failure.places, place);
    this.#last = failure;
    this.#lastLine = at.line;
  }
}

type Groups = Readonly<Record<string, string | undefined>>;
interface Line {
  readonly quote: string;
  readonly line: number;
}

function titled({ title = '', id }: Groups): Pick<Found, 'title' | 'id'> {
  return { title: title.trim(), id: id ?? null };
}

/** Line 0 names a file only. */
function placeOf({ path, at }: Groups): Place | null {
  return path === undefined ? null : { path, line: Number(at ?? 0) };
}

function add(places: Place[] | undefined, place: Place | null): void {
  if (place !== null && place.line > 0) places?.push(place);
}

/** A compiler says the same of many places, a test runner says one test more than once. */
function isSame(
  one: Found,
  { title, id, places }: { title: string; id: string | null; places: readonly (Place | null)[] },
): boolean {
  if (id !== null && one.id === id) return true;
  // pytest joins the names of a test by dots in its headings and by colons in its summary.
  if (one.title.replaceAll('::', '.') !== title.replaceAll('::', '.')) return false;
  const [place] = places.filter((each) => each !== null && each.line > 0);
  const [known] = one.places;
  return place == null || known === undefined || (place.path === known.path && place.line === known.line);
}

/** The first place that is a line of a text file inside the folder. */
async function firstInside(places: readonly Place[], folder: string): Promise<Failure['at']> {
  for (const { path, line } of places.slice(0, 20)) {
    const inside = insideOf(path, folder);
    if (inside === null || inside.split('/').includes('node_modules')) continue;
    try {
      const quote = linesOf((await readText(folder, inside)).text)[line - 1];
      if (quote !== undefined && quote.trim() !== '' && quote.length <= LINE_LIMIT)
        return { path: inside, line, quote };
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
    }
  }
  return null;
}

/** A path of the output relative to the folder, with `/`; null when it leads out of it. */
function insideOf(path: string, folder: string): string | null {
  const named = path.startsWith('file:') ? pathOf(path) : path;
  const own = isAbsolute(named) ? relative(folder, named) : named;
  const inside = posix.normalize(own.split(sep).join('/'));
  return inside.startsWith('../') || inside === '..' || isAbsolute(inside) ? null : inside;
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

function plain(line: string): string {
  return line.replaceAll(COLOUR, '');
}
