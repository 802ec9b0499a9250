/**
 * What stands in the "reply" of an answer that is still coming in: `text` is the JSON as far as it came. The beginning of the reply, and all of it
 * once its last quote is there; empty before it begins.
 */
export function replySoFar(text: string): string {
  const begin = /"reply"\s*:\s*"/.exec(text);
  if (begin === null) return '';
  const from = begin.index + begin[0].length;
  let to = from;
  while (to < text.length && text[to] !== '"') {
    const length = text[to] !== '\\' ? 1 : text[to + 1] === 'u' ? 6 : 2;
    if (to + length > text.length) break;
    to += length;
  }
  try {
    const reply: unknown = JSON.parse(`"${text.slice(from, to).replace(/\p{Cc}/gu, escaped)}"`);
    // The second half of a character may still be on its way.
    return typeof reply === 'string' ? reply.replace(/[\ud800-\udbff]$/, '') : '';
  } catch {
    return '';
  }
}

/** Models write line breaks into strings as they are. */
function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
