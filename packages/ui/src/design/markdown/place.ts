/** A place in a file, as a text names it. */
export interface Place {
  /** Relative, with `/`. */
  readonly path: string;
  /** The first line is 1. */
  readonly line: number;
}

/** A piece of a text: words, or a place with the words it was named by. */
export type Piece = string | (Place & { readonly words: string });

const SEGMENT = String.raw`[\p{L}\p{N}_@+.\-]+`;
const FOLDERS = `(?:${SEGMENT}/)*`;
const NAME = String.raw`[\p{L}\p{N}_@+.\-]*\.[\p{L}][\p{L}\p{N}]{0,9}`;
/** `12`, `12-20` or `12:5`: the line, then what is not needed to open it. */
const LINE = String.raw`(\d{1,7})(?:[-–:]\d{1,7})?`;
/** Nothing that goes on before or after: neither a longer path nor an address. */
const [BEFORE, AFTER] = [String.raw`(?<![\p{L}\p{N}_@+./:\\\-])`, String.raw`(?![\p{L}\p{N}_/\\])`];

const IN_WORDS = new RegExp(`${BEFORE}(${FOLDERS}${NAME}):${LINE}${AFTER}`, 'gu');
/** Inside code a file needs no ending where it stands in a folder. */
const IN_CODE = new RegExp(`^((?:${FOLDERS}${NAME})|(?:${SEGMENT}/${FOLDERS}${SEGMENT})):${LINE}$`, 'u');
const IN_LINK = new RegExp(`^(${FOLDERS}${NAME})(?::|#L)${LINE}$`, 'u');

/** Endings that are of hosts sooner than of files: `example.com:443`. */
const HOST = /(^|\.)(com|org|net|io)$/i;

function place(path: string | undefined, line: string | undefined): Place | null {
  if (path === undefined || line === undefined || (!path.includes('/') && HOST.test(path))) return null;
  const number = Number(line);
  return number > 0 ? { path: path.replace(/^(\.\/)+/, ''), line: number } : null;
}

/** The place that inline code names, or null: `src/queue.js:12`. */
export function placeOfCode(code: string): Place | null {
  const [, path, line] = IN_CODE.exec(code) ?? [];
  return place(path, line);
}

/** The place that a link leads to, or null: `src/queue.js#L12`. */
export function placeOfLink(address: string): Place | null {
  const [, path, line] = IN_LINK.exec(decoded(address)) ?? [];
  return place(path, line);
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** Words and the places among them, in order; put together again they are the text. */
export function piecesOf(text: string): readonly Piece[] {
  if (!text.includes(':')) return [text];
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(IN_WORDS)) {
    const found = place(match[1], match[2]);
    if (found === null) continue;
    if (match.index > from) pieces.push(text.slice(from, match.index));
    pieces.push({ ...found, words: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length || pieces.length === 0) pieces.push(text.slice(from));
  return pieces;
}
