import type * as Y from 'yjs';
import { z } from 'zod';
import type { Json } from '../event/fault.ts';
import { edgesOf, type FieldMap, fieldsOf, foreignOf, nodesOf, readEdges, readNodes } from './document.ts';
import type { CanvasEdge, CanvasNode } from './node.ts';

export type JsonObject = { readonly [key: string]: Json };

/** A file of JSON Canvas 1.0, with whatever other keys it carries. */
export type JsonCanvas = JsonObject & {
  readonly nodes?: readonly Json[];
  readonly edges?: readonly Json[];
};

export const JsonRecord = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** Anything JSON can say, left as it is: z.json() would copy it, and lose a key named `__proto__`. */
const AsItIs = z.custom<Json>((value) => value !== undefined);

/** Entries that no kind of ours can show, with their place among the others. */
export const Kept = z.array(z.object({ index: z.number().int(), value: AsItIs }));

/** Without the keys that hold nothing. */
function present(entries: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function ownPart(node: Extract<CanvasNode, { kind: 'run' | 'task' | 'artifact' }>): JsonObject {
  switch (node.kind) {
    case 'run':
      return present({
        type: 'group',
        label: node.caption?.title,
        soma: present({
          kind: 'run',
          run: node.run,
          caption: node.caption === undefined ? undefined : present(node.caption),
        }),
      });
    case 'task':
      return { type: 'text', text: node.task, soma: { kind: 'task', run: node.run, task: node.task } };
    case 'artifact': {
      const { run, task, artifact, title, icon, content } = node;
      const soma = present({ kind: 'artifact', run, task, artifact, title, icon, content });
      return { type: 'text', text: title, soma };
    }
  }
}

function kindPart(node: CanvasNode): JsonObject {
  switch (node.kind) {
    case 'note':
      return { type: 'text', text: node.text };
    case 'file':
      return present({
        type: 'file',
        file: node.path,
        subpath: node.line === undefined ? undefined : `#L${node.line}`,
      });
    case 'link':
      return { type: 'link', url: node.url };
    case 'group':
      return present({ type: 'group', label: node.label });
    case 'run':
    case 'task':
    case 'artifact':
      return ownPart(node);
  }
}

export function nodeOut(node: CanvasNode): JsonObject {
  const { id, x, y, width, height, colour } = node;
  return present({ id, x, y, width, height, ...kindPart(node), color: colour });
}

export function edgeOut(edge: CanvasEdge): JsonObject {
  const { id, from, to, colour, ...rest } = edge;
  return present({ id, fromNode: from, toNode: to, ...rest, color: colour });
}

/** The value when it fits, else undefined: what does not fit stays among the kept keys. */
export function fitting<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** What a kept JSON text says; undefined when somebody spoilt it. */
function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function keptKeys(fields: FieldMap | undefined, name = 'foreign'): JsonObject {
  return fitting(JsonRecord, parsed(fields?.get(name))) ?? {};
}

/** Our keys, then the kept ones; of a node of our own kind another program may have changed the words it shows. */
function merged(ours: JsonObject, kept: JsonObject): JsonObject {
  const more = Object.entries(kept).filter(([key]) => !Object.hasOwn(ours, key));
  const all: JsonObject = { ...ours, ...Object.fromEntries(more) };
  const own = fitting(JsonRecord, ours.soma);
  if (own === undefined) return all;
  const { text, label } = kept;
  return { ...all, ...present({ text, label }), soma: { ...fitting(JsonRecord, kept.soma), ...own } };
}

function withKept(doc: Y.Doc, name: 'nodes' | 'edges', entries: readonly JsonObject[]): readonly Json[] {
  const all: Json[] = [...entries];
  const kept = fitting(Kept, parsed(foreignOf(doc).get(name))) ?? [];
  for (const { index, value } of kept) all.splice(index, 0, value);
  return all;
}

/** Edges in the order of the file they came from, then those added since. */
function edgesInOrder(doc: Y.Doc): CanvasEdge[] {
  const rank = (edge: CanvasEdge): number => {
    const value = fieldsOf(edgesOf(doc), edge.id)?.get('rank');
    return typeof value === 'number' ? value : Number.MAX_VALUE;
  };
  return readEdges(doc).sort((a, b) => rank(a) - rank(b));
}

/** The board as JSON Canvas 1.0: nodes lowest first; runs, tasks and artifacts as group or text nodes with one more key, `soma`. */
export function toJsonCanvas(doc: Y.Doc): JsonCanvas {
  const nodes = withKept(
    doc,
    'nodes',
    readNodes(doc).map((node) => merged(nodeOut(node), keptKeys(fieldsOf(nodesOf(doc), node.id)))),
  );
  const edges = withKept(
    doc,
    'edges',
    edgesInOrder(doc).map((edge) => merged(edgeOut(edge), keptKeys(fieldsOf(edgesOf(doc), edge.id)))),
  );
  const foreign = foreignOf(doc);
  const absent = foreign.get('absent');
  const left = (name: string, list: readonly Json[]): boolean =>
    list.length === 0 && Array.isArray(absent) && absent.includes(name);
  return {
    ...keptKeys(foreign, 'top'),
    ...(left('nodes', nodes) ? {} : { nodes: [...nodes] }),
    ...(left('edges', edges) ? {} : { edges: [...edges] }),
  };
}
