import { isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';

/** A value of a structured file and the 1-based line it stands on. */
export interface Placed {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/**
 * Values of a JSON file at a dotted path, of which the last part may be `*` or end with `*`. JSON is read as the part of YAML it is, because
 * that parser tells where each value stands.
 */
export function jsonValues(
  text: string,
  path: string,
  document: JsonDocument = readJson(text),
): readonly Placed[] {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  let node: unknown = document.root;
  for (const part of parts) node = isMap(node) ? node.get(part, true) : undefined;
  if (!isMap(node)) return [];
  const placed: Placed[] = [];
  for (const { key, value } of node.items) {
    if (!isScalar(key) || typeof key.value !== 'string' || !matches(key.value, last)) continue;
    for (const { node, text } of scalarsOf(value))
      placed.push({ key: key.value, value: text, line: lineOf(node, document) });
  }
  return placed;
}

/** Deeper than this nothing is read. */
const DEPTH_LIMIT = 64;

export interface JsonDocument {
  readonly root: ParsedNode | null;
  readonly lines: LineCounter;
}

export function readJson(text: string): JsonDocument {
  const lines = new LineCounter();
  if (depthOf(text) > DEPTH_LIMIT) return { root: null, lines };
  const document = parseDocument(text, { lineCounter: lines, schema: 'json', uniqueKeys: false });
  return { root: document.contents, lines };
}

/** Brackets open at once, at most, outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [sign] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
}

function matches(key: string, pattern: string): boolean {
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;
}

/** Which member of an object says what a person would name, such as the type of a licence or the usual condition of an export. */
const TELLING = ['type', 'name', 'default', 'import'];

/** A plain value, the first of a list, or the most telling member of an object; none when there is no plain value. */
function scalarsOf(node: unknown): { node: Node; text: string }[] {
  if (isScalar(node)) {
    const { value } = node;
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain ? [{ node, text: String(value) }] : [];
  }
  if (isSeq(node)) return scalarsOf(node.items[0]);
  if (!isMap(node)) return [];
  const telling = TELLING.map((key) => node.get(key, true)).find((member) => member !== undefined);
  return scalarsOf(telling ?? node.items[0]?.value);
}

function lineOf(node: Node, document: JsonDocument): number {
  return document.lines.linePos(node.range?.[0] ?? 0).line;
}

/** Values of a TOML file at a dotted path. Only `key = value` lines are looked at, so the line is the one a person sees. */
export function tomlValues(lines: readonly string[], path: string): readonly Placed[] {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  const table = parts.join('.');
  const placed: Placed[] = [];
  let current = '';
  for (const [index, text] of lines.entries()) {
    const header = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/.exec(text)?.[1];
    if (header !== undefined) {
      current = header.replaceAll('"', '');
      if (current === path) placed.push({ key: last, value: current, line: index + 1 });
      continue;
    }
    const pair = /^\s*("[^"]+"|[\w.-]+)\s*=\s*(.+?)\s*$/.exec(text);
    const key = pair?.[1]?.replaceAll('"', '');
    if (current === table && key !== undefined && matches(key, last))
      placed.push({ key, value: tomlText(pair?.[2] ?? ''), line: index + 1 });
  }
  return placed;
}

function tomlText(raw: string): string {
  const quoted = /^(?:"([^"]*)"|'([^']*)')/.exec(raw);
  return quoted?.[1] ?? quoted?.[2] ?? /\{.*?(?:text|version)\s*=\s*"([^"]*)"/.exec(raw)?.[1] ?? raw;
}
