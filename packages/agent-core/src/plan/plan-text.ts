import { type Document, isPair, isScalar, Lexer, type LineCounter, visit } from 'yaml';

/** Most brackets inside one another, list signs in a row, and tags, anchors and aliases of a plan file. */
const DEEPEST = 64;
const MOST_REFERENCES = 100;

/**
 * Whether a text takes longer to read than a plan may: brackets or lists deep inside one another, or more tags, anchors and aliases than
 * any plan needs. It is told by the signs alone, in time that grows with the length.
 */
export function isOverloaded(source: string): boolean {
  let depth = 0;
  let row = 0;
  let references = 0;
  for (const sign of new Lexer().lex(source)) {
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth = Math.max(0, depth - 1);
    else if (/^[&*!]./.test(sign) || sign === '!') references += 1;
    if (sign === '-' || sign === '?' || sign === ':') row += 1;
    else if (sign.trim() !== '') row = 0;
    if (depth > DEEPEST || row > DEEPEST || references > MOST_REFERENCES) return true;
  }
  return false;
}

/** The 1-based lines of keys that stand in their map a second time. */
export function keysTwice(document: Document, lines: LineCounter): number[] {
  const found: number[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items.filter(isPair)) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) found.push(isScalar(key) ? lines.linePos(key.range?.[0] ?? 0).line : 1);
        seen.add(name);
      }
    },
  });
  return found;
}
