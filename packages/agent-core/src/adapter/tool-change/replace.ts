/** Where a text stands in another, case kept; with `wholeWord` only where no letter, digit or `_` touches it. */
interface Wanted {
  readonly from: string;
  readonly wholeWord: boolean;
}

/** The text with each occurrence replaced, found from the start and never overlapping. */
export function replaceAll(text: string, { from, wholeWord }: Wanted, to: string): string {
  const parts: string[] = [];
  let kept = 0;
  for (let at = text.indexOf(from); at !== -1; at = text.indexOf(from, at)) {
    if (wholeWord && (isWord(text[at - 1]) || isWord(text[at + from.length]))) {
      at += 1;
      continue;
    }
    parts.push(text.slice(kept, at), to);
    at += from.length;
    kept = at;
  }
  parts.push(text.slice(kept));
  return parts.join('');
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
