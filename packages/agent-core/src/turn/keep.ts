/** A text that was cut, and how many characters of it were left out. */
export interface Cut {
  readonly text: string;
  readonly left: number;
}

/** Characters of the pieces that a long text is taken apart into. */
const PIECE = 320;
/** Characters that say that something was left out. */
const GAP = 40;
/** Words shorter than this say little about what is meant. */
const SHORTEST_WORD = 3;

/** The beginning of a text. */
export function cut(text: string, limit: number): Cut {
  if (text.length <= limit) return { text, left: 0 };
  const kept = text.slice(0, Math.max(0, limit));
  return { text: `${kept}${gap(text.length - kept.length)}`, left: text.length - kept.length };
}

/**
 * Of a text that is too long, its beginning and the pieces that have most of the goal's words, those weighing most that stand in the fewest pieces
 * (inverse document frequency: K. Sparck Jones, 1972). Pieces stay in their order, and what is between is said to be left out.
 */
export function keepRelevant(text: string, limit: number, goal: string): Cut {
  if (text.length <= limit) return { text, left: 0 };
  const pieces = piecesOf(text);
  const wanted = new Set(wordsOf(goal));
  const words = pieces.map((piece) => new Set(wordsOf(piece).filter((word) => wanted.has(word))));
  const count = new Map<string, number>();
  for (const found of words) for (const word of found) count.set(word, (count.get(word) ?? 0) + 1);
  const weigh = (found: ReadonlySet<string>) =>
    [...found].reduce((sum, word) => sum + Math.log(1 + pieces.length / (count.get(word) ?? 1)), 0);
  const own = words.map(weigh);
  // What a sentence begins in one piece ends in the next.
  const weightAt = (index: number) =>
    (own[index] ?? 0) + Math.max(own[index - 1] ?? 0, own[index + 1] ?? 0) / 2;
  const order = pieces
    .map((piece, index) => ({ index, size: piece.length + GAP, weight: weightAt(index) }))
    .toSorted(
      (a, b) => Number(b.index === 0) - Number(a.index === 0) || b.weight - a.weight || a.index - b.index,
    );
  const kept = new Set<number>();
  let room = limit;
  for (const { index, size } of order) {
    if (size > room) break;
    room -= size;
    kept.add(index);
  }
  return kept.size === 0 ? cut(text, limit) : joined(pieces, kept);
}

/** Pieces end where a line, a value or a word does, where one is near. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    const hard = from + PIECE;
    const tail = text.slice(from + PIECE / 2, hard);
    const soft = Math.max(
      tail.lastIndexOf('\\n'),
      tail.lastIndexOf('},'),
      tail.lastIndexOf('\n'),
      tail.lastIndexOf(' '),
    );
    const to = hard >= text.length || soft < 0 ? hard : from + PIECE / 2 + soft + 1;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

function joined(pieces: readonly string[], kept: ReadonlySet<number>): Cut {
  let text = '';
  let left = 0;
  let missing = 0;
  for (const [index, piece] of pieces.entries()) {
    if (!kept.has(index)) {
      missing += piece.length;
      continue;
    }
    if (missing > 0) text += gap(missing);
    left += missing;
    missing = 0;
    text += piece;
  }
  if (missing > 0) text += gap(missing);
  return { text, left: left + missing };
}

function gap(characters: number): string {
  return `\n[${characters} characters left out]\n`;
}

function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => word.length >= SHORTEST_WORD);
}
