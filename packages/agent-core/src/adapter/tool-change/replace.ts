/** Where a text stands in another, case kept; with `wholeWord` only where no letter, digit or `_` touches it. */
export interface Wanted {
  readonly from: string;
  readonly wholeWord: boolean;
}

/** The text with each occurrence replaced, found from the start and never overlapping. */
export function replaceAll(text: string, wanted: Wanted, to: string): string {
  const parts: string[] = [];
  let kept = 0;
  for (const at of placesOf(text, wanted)) {
    parts.push(text.slice(kept, at), to);
    kept = at + wanted.from.length;
  }
  parts.push(text.slice(kept));
  return parts.join('');
}

/** A line that has the text and keeps it, by its number before and after the replacing. */
export interface Left {
  readonly line: number;
  readonly lineAfter: number;
  readonly why: 'other-case' | 'part-of-word';
}

/** Longest text, in UTF-16 units, that is looked for, and looked through, in other letter case. */
const LEFT_LIMITS = { from: 500, text: 4_000_000 };

/**
 * Lines whose words are the wanted ones but for their letter case, or part of a longer word, and which replacing leaves as they are.
 * Each line once, none where texts are too long to look.
 */
export function leftBeside(text: string, wanted: Wanted, to: string): Left[] {
  const { from, wholeWord } = wanted;
  if (from.length > LEFT_LIMITS.from || text.length > LEFT_LIMITS.text) return [];
  const replaced = placesOf(text, wanted);
  const grown = endsIn(to, 0, to.length) - endsIn(from, 0, from.length);
  const found: Left[] = [];
  let [next, line, counted] = [0, 1, 0];
  for (const match of text.matchAll(new RegExp(from.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu'))) {
    const [at, end] = [match.index, match.index + match[0].length];
    while ((replaced[next] ?? end) + from.length <= at) next += 1;
    if ((replaced[next] ?? end) < end) continue;
    line += endsIn(text, counted, at);
    counted = at;
    if (found.at(-1)?.line === line) continue;
    const isPart = wholeWord && (isWord(text[at - 1]) || isWord(text[end]));
    found.push({ line, lineAfter: line + next * grown, why: isPart ? 'part-of-word' : 'other-case' });
  }
  return found;
}

/** Where each occurrence that is replaced begins. */
function placesOf(text: string, { from, wholeWord }: Wanted): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(from); at !== -1; at = text.indexOf(from, at)) {
    if (wholeWord && (isWord(text[at - 1]) || isWord(text[at + from.length]))) {
      at += 1;
      continue;
    }
    places.push(at);
    at += from.length;
  }
  return places;
}

/** How many lines end between two places. */
function endsIn(text: string, start: number, end: number): number {
  let ends = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) ends += 1;
  return ends;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
