/** So many characters of a key in a row, and what holds them is not shown. */
const TELLING = 6;
const HIDDEN = '***';

/**
 * The text without the key. Null where a part of the key is left in it: providers mask a key in their own way, and what they leave is
 * enough to tell whose it is.
 */
export function withoutKey(text: string, key: string | null): string | null {
  if (key === null || key === '') return text;
  const hidden = text.replaceAll(key, HIDDEN);
  for (let from = 0; from + TELLING <= key.length; from += 1)
    if (hidden.includes(key.slice(from, from + TELLING))) return null;
  return hidden;
}
