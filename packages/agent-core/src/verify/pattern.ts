/*
 * Patterns of gitignore(5), matched by following all the places in the pattern that the text so far could have come to: the time is
 * pattern times text, whatever the pattern. The tools match by trying and going back; the two share no code.
 */

/** One line of a .gitignore. */
export interface Pattern {
  readonly keeps: boolean;
  readonly foldersOnly: boolean;
  /** Whether it names this path below the folder of its file. */
  matches(path: string): boolean;
}

/** A sign of the pattern: takes one character, or (`star`) any number of them, or (`deep`) none or any that end with a slash. */
type Sign =
  | { readonly kind: 'one'; readonly takes: (byte: number) => boolean }
  | { readonly kind: 'star'; readonly takes: (byte: number) => boolean }
  | { readonly kind: 'deep' };

const SLASH = 47;
const NO_CASE = ['darwin', 'win32'].includes(process.platform);

export function patternsOf(text: string): readonly Pattern[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap(patternOf);
}

function patternOf(raw: string): Pattern[] {
  const line = raw.replace(/\r$/, '');
  // Spaces at the end do not count unless the first of them stands behind a backslash that is not itself behind one.
  const whole = /^((?:[^\\ ]|\\[\s\S]| +(?=[^ ]))*) *$/.exec(line)?.[1] ?? line;
  const [, not, body, folder] = /^(!?)(.*?)(\/?)$/s.exec(whole) ?? [];
  if (whole === '' || whole.startsWith('#') || body === undefined) return [];
  const wholePath = body.includes('/');
  const signs = signsOf(bytesOf(body.replace(/^\//, '')), wholePath);
  const matches = (path: string) =>
    signs !== null && accepts(signs, bytesOf(wholePath ? path : (path.split('/').at(-1) ?? '')));
  return [{ keeps: not === '!', foldersOnly: folder === '/', matches }];
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(NO_CASE ? text.toLowerCase() : text);
}

/** Follows every place at once; the last one is the end of the pattern. */
function accepts(signs: readonly Sign[], bytes: Uint8Array): boolean {
  let places = reachable(new Set([0]), signs);
  for (const byte of bytes) {
    const next = new Set<number>();
    for (const place of places) {
      const sign = signs[place];
      if (sign === undefined) continue;
      if (sign.kind === 'deep') {
        next.add(place);
        if (byte === SLASH) next.add(place + 1);
      } else if (sign.takes(byte)) next.add(sign.kind === 'one' ? place + 1 : place);
    }
    places = reachable(next, signs, places);
    if (places.size === 0) return false;
  }
  return places.has(signs.length);
}

function reachable(
  from: ReadonlySet<number>,
  signs: readonly Sign[],
  before: ReadonlySet<number> = new Set(),
): Set<number> {
  const all = new Set<number>();
  for (const start of from) {
    all.add(start);
    for (let place = start; mayBeLeft(signs[place], before.has(place)); place += 1) all.add(place + 1);
  }
  return all;
}

/** A star may take nothing; a `deep` sign too, but once it has begun it must reach a slash. */
function mayBeLeft(sign: Sign | undefined, begun: boolean): boolean {
  return sign?.kind === 'star' || (sign?.kind === 'deep' && !begun);
}

/** Null when the pattern can match nothing: a set without an end, or a backslash with nothing behind it. */
function signsOf(bytes: Uint8Array, wholePath: boolean): Sign[] | null {
  const text = String.fromCharCode(...bytes);
  const plain = text.search(/[*?[\\]/);
  const signs: Sign[] = [];
  const inSegment = (byte: number) => !wholePath || byte !== SLASH;
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const stars = /^\*+/.exec(rest)?.[0].length ?? 0;
    if (stars > 0) {
      const free = stars > 1 && wholePath && (at === 0 || at === plain || text[at - 1] === '/');
      const after = text.slice(at + stars);
      if (free && after.startsWith('/')) signs.push({ kind: 'deep' });
      else signs.push({ kind: 'star', takes: free && /^$|^\\\//.test(after) ? () => true : inSegment });
      at += stars + (free && after.startsWith('/') ? 1 : 0);
    } else if (rest.startsWith('?')) {
      signs.push({ kind: 'one', takes: inSegment });
      at += 1;
    } else if (rest.startsWith('[')) {
      const set = setOf(rest);
      if (set === null) return null;
      signs.push({ kind: 'one', takes: (byte) => set.has(byte) && inSegment(byte) });
      at += set.length;
    } else {
      const literal = rest.startsWith('\\') ? bytes[at + 1] : bytes[at];
      if (literal === undefined) return null;
      signs.push({ kind: 'one', takes: (byte) => byte === literal });
      at += rest.startsWith('\\') ? 2 : 1;
    }
  }
  return signs;
}

/** POSIX character classes, as ranges of bytes. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  blank: '  \t\t',
  cntrl: '\x00\x1f\x7f\x7f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '  \t\r',
  upper: 'AZ',
  xdigit: '09AFaf',
};

/** A set `[...]` at the start of `text`: the bytes it takes and its length in the pattern. */
function setOf(text: string): { has(byte: number): boolean; length: number } | null {
  const open = /^\[[!^]?/.exec(text)?.[0] ?? '';
  const members = new Set<number>();
  const add = (low: string, high: string) => {
    for (let byte = low.charCodeAt(0); byte <= high.charCodeAt(0); byte += 1) members.add(byte);
  };
  const item = /\[:([^\]]*):\]|(\\[\s\S]|[^\\])(?:-(\\[\s\S]|[^\]\\]))?/y;
  item.lastIndex = open.length;
  for (let first = true; first || text[item.lastIndex] !== ']'; first = false) {
    const found = item.exec(text);
    if (found === null) return null;
    const [, name, low = '', high = low] = found;
    if (name === undefined) {
      // A range that runs backwards still holds its first sign.
      add(low.slice(-1), low.slice(-1));
      add(low.slice(-1), high.slice(-1));
      continue;
    }
    const ranges = CLASSES[name];
    if (ranges === undefined) return null;
    for (let at = 0; at < ranges.length; at += 2) add(ranges[at] ?? '', ranges[at + 1] ?? '');
  }
  const negated = open.length === 2;
  return { has: (byte) => members.has(byte) !== negated, length: item.lastIndex + 1 };
}
