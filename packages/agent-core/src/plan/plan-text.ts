import { type Document, isPair, isScalar, Lexer, type LineCounter, visit } from 'yaml';
import type { z } from 'zod';

/** Where in a file's tree something is. */
export type Place = readonly (string | number)[];

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

/** The line of what stands at the place, or of the nearest thing around it. */
export function lineOf(document: Document, lines: LineCounter, place: Place): number {
  for (let depth = place.length; depth >= 0; depth -= 1) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(place.slice(0, depth), true);
    const start = startOf(node);
    if (start !== null) return lines.linePos(start).line;
  }
  return 1;
}

function startOf(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node)) return null;
  const start: unknown = Array.isArray(node.range) ? node.range[0] : null;
  return typeof start === 'number' ? start : null;
}

/** Where a file has not the form that it must have, and in what way, in words that the catalogue knows. */
export function shapeIn(issue: z.core.$ZodIssue, document: Document) {
  const inside = issue.path.filter((key) => typeof key !== 'symbol');
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const place: Place = [...inside, ...keys];
  const why = whyOf(issue, document.hasIn(place));
  return { place, data: { where: 'shape', what: place.join('.'), why, ...expectedOf(issue) } };
}

function expectedOf(issue: z.core.$ZodIssue): { expected?: string } {
  if (issue.code === 'invalid_type') return { expected: issue.expected };
  return issue.code === 'invalid_value' ? { expected: issue.values.map(String).join(', ') } : {};
}

function whyOf(issue: z.core.$ZodIssue, isThere: boolean): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'unknown';
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_union':
      return isThere ? 'value' : 'missing';
    case 'too_big':
    case 'too_small':
      return 'size';
    case 'invalid_format':
      return 'form';
    default:
      return 'value';
  }
}
