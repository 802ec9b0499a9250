import { AgentHead, type Fault, fault } from '@soma/schemas/event';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { isOverloaded, keysTwice, lineOf, type Place, shapeIn } from '../plan/index.ts';
import type { ToolDescription } from '../port/index.ts';

/** An agent file that can be used: what it is, and how it is to work. */
export interface AgentFile extends AgentHead {
  readonly words: string;
}

export type LoadedAgent =
  | { readonly ok: true; readonly agent: AgentFile }
  /** In the order of the lines; each names its 1-based `line` in its data. */
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Longest agent file and longest instructions, in UTF-16 units: they are a part of every turn of the agent. */
const SIZE_LIMIT = 24_000;
const WORDS_LIMIT = 8000;
const FENCE = '---';

interface Found {
  readonly fault: Fault;
  readonly line: number;
}

/**
 * Reads an agent file: YAML 1.2 between two lines of three hyphens, and below them its instructions in Markdown. A fault says where:
 * AGENT_INVALID, or TOOL_UNKNOWN for a tool that is none of `tools`; with null they are not looked at.
 */
export function loadAgent(source: string, tools: ReadonlyMap<string, ToolDescription> | null): LoadedAgent {
  if (source.length > SIZE_LIMIT) return refused([wrong({ where: 'size' }, 1)]);
  const [first = '', ...rest] = source.replace(/^\uFEFF/, '').split(/\r?\n/);
  const end = rest.findIndex((line) => line.trimEnd() === FENCE);
  if (first.trimEnd() !== FENCE || end < 0) return refused([wrong({ where: 'front-matter' }, 1)]);
  const words = rest
    .slice(end + 1)
    .join('\n')
    .trim();
  const head = headOf(rest.slice(0, end).join('\n'));
  if (!head.ok) return refused(head.found);
  const found = [
    ...unknownTools(head, tools),
    ...(words === '' ? [wrong({ where: 'instructions' }, end + 2)] : []),
    ...(words.length > WORDS_LIMIT
      ? [wrong({ where: 'shape', what: 'instructions', why: 'size' }, end + 3)]
      : []),
  ];
  return found.length > 0 ? refused(found) : { ok: true, agent: { ...head.read, words } };
}

type Head =
  | { readonly ok: true; readonly read: AgentHead; readonly lineAt: (place: Place) => number }
  | { readonly ok: false; readonly found: readonly Found[] };

/** What stands between the fences; the first of its lines is the second of the file. */
function headOf(text: string): Head {
  const lines = new LineCounter();
  const unread = (line: number): Head => ({ ok: false, found: [wrong({ where: 'yaml' }, line)] });
  let document: Document;
  let value: unknown;
  try {
    if (isOverloaded(text)) return unread(2);
    document = parseDocument(text, { lineCounter: lines, version: '1.2', uniqueKeys: false });
    const [error] = document.errors;
    if (error !== undefined) return unread((error.linePos?.[0].line ?? 1) + 1);
    const [twice] = keysTwice(document, lines);
    if (twice !== undefined) return unread(twice + 1);
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return unread(2);
  }
  const lineAt = (place: Place) => lineOf(document, lines, place) + 1;
  const parsed = AgentHead.safeParse(value);
  if (parsed.success) return { ok: true, read: parsed.data, lineAt };
  const found = parsed.error.issues.slice(0, 100).map((issue) => {
    const { place, data } = shapeIn(issue, document);
    return wrong(data, lineAt(place));
  });
  return { ok: false, found };
}

function unknownTools(
  { read, lineAt }: Extract<Head, { ok: true }>,
  tools: ReadonlyMap<string, ToolDescription> | null,
): readonly Found[] {
  if (tools === null) return [];
  return read.tools.flatMap((tool, index) =>
    tools.has(tool) ? [] : [{ fault: fault('TOOL_UNKNOWN', { tool }), line: lineAt(['tools', index]) }],
  );
}

function wrong(data: Fault['data'], line: number): Found {
  return { fault: fault('AGENT_INVALID', data), line };
}

function refused(found: readonly Found[]): LoadedAgent {
  const faults = found
    .toSorted((a, b) => a.line - b.line)
    .map(({ fault: { data, ...rest }, line }) => ({ ...rest, data: { ...data, line } }));
  return { ok: false, faults };
}
