/** Where a query matched a title, start and end of each part, and how well: more is better. */
export interface Rank {
  readonly score: number;
  readonly matches: readonly (readonly [number, number])[];
}

const WHOLE: Rank = { score: 0, matches: [] };

/**
 * How well a title answers what was typed; null when it does not. Every word must be found: at the start of the title best, then at the
 * start of a word, then anywhere.
 */
export function rank(query: string, title: string): Rank | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return WHOLE;
  const low = title.toLowerCase();
  // Letters whose lower case is longer would shift every place after them.
  if (low.length !== title.length) return low.includes(query.toLowerCase()) ? WHOLE : null;
  let score = 0;
  const matches: [number, number][] = [];
  for (const word of words) {
    const at = placeOf(word, low);
    if (at === null) return null;
    score += at === 0 ? 3 : isWordStart(low, at) ? 2 : 1;
    matches.push([at, at + word.length]);
  }
  // Of two equal matches the one that says less besides is nearer.
  return {
    score: score / words.length + words.join('').length / (100 + low.length),
    matches: joined(matches),
  };
}

function placeOf(word: string, title: string): number | null {
  let first: number | null = null;
  for (let at = title.indexOf(word); at >= 0; at = title.indexOf(word, at + 1)) {
    if (isWordStart(title, at)) return at;
    first ??= at;
  }
  return first;
}

function isWordStart(title: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(title.charAt(at - 1));
}

/** The same places in order, those that touch or overlap as one. */
function joined(matches: readonly (readonly [number, number])[]): [number, number][] {
  const parts: [number, number][] = [];
  for (const [start, end] of [...matches].sort((a, b) => a[0] - b[0])) {
    const last = parts.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else parts.push([start, end]);
  }
  return parts;
}
