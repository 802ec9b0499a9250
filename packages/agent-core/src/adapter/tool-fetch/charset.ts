/** A body as text. `repaired`: some bytes were none of its charset and stand as replacement characters. */
export interface Decoded {
  readonly text: string;
  readonly charset: string;
  readonly repaired: boolean;
}

/** As far into a page as its own word on its charset is looked for, in bytes. */
const META = 1024;

/**
 * Reads bytes as browsers do: by their byte order mark, else by what the server says, else by what a page says of itself, else as
 * UTF-8, and as windows-1252 when they are no UTF-8. A charset nobody knows is passed over.
 */
export function decode(bytes: Uint8Array, said: string | null, isHtml: boolean): Decoded {
  const own = isHtml ? metaCharset(bytes) : null;
  for (const label of [markOf(bytes), said, own]) {
    const known = label === null ? null : decoderOf(label);
    if (known !== null) return decodeAs(bytes, known);
  }
  const utf8 = decodeAs(bytes, 'utf-8');
  return utf8.repaired ? decodeAs(bytes, 'windows-1252') : utf8;
}

function decodeAs(bytes: Uint8Array, charset: string): Decoded {
  try {
    return { text: new TextDecoder(charset, { fatal: true }).decode(bytes), charset, repaired: false };
  } catch {
    return { text: new TextDecoder(charset).decode(bytes), charset, repaired: true };
  }
}

/** The proper name of a charset; null when there is no such. */
function decoderOf(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function markOf([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

function metaCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, META)).toString('latin1');
  const label = /<meta\s[^>]{0,500}?charset\s*=\s*["']?\s*([\w:.-]{1,40})/i.exec(head)?.[1];
  if (label === undefined) return null;
  // Whoever could write the word in single bytes did not write UTF-16.
  return /^utf-?16/i.test(label) ? 'utf-8' : label;
}
