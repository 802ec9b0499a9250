import { equalityDeep } from 'lib0/function';
import * as Y from 'yjs';
import { z } from 'zod';
import type { Json } from '../event/fault.ts';
import { FaultError } from '../event/fault-error.ts';
import { type FieldMap, foreignOf, writeEdge, writeNode } from './document.ts';
import {
  CANVAS_LIMITS,
  CanvasEdge,
  type CanvasNode,
  Colour,
  EdgeEnd,
  NewNode,
  nodeRefs,
  RunCaption,
  Side,
} from './node.ts';
import { edgeOut, fitting, type JsonObject, JsonRecord, type Kept, nodeOut } from './to-json-canvas.ts';

/** What our own kinds add to the text or group node they are written as. */
const Own = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), ...nodeRefs.run.shape, caption: RunCaption.optional() }),
  z.object({ kind: z.literal('task'), ...nodeRefs.task.shape }),
  z.object({ kind: z.literal('artifact'), ...nodeRefs.artifact.shape }),
]);

const LINE = /^#L([1-9]\d{0,8})$/;

const Label = z.string().max(2000);

function rawKind(
  json: JsonObject,
  own: z.infer<typeof Own> | undefined,
): Record<string, unknown> | undefined {
  switch (json.type) {
    case 'text':
      return own === undefined || own.kind === 'run' ? { kind: 'note', text: json.text } : own;
    case 'file': {
      const line = LINE.exec(fitting(z.string(), json.subpath) ?? '')?.[1];
      return { kind: 'file', path: json.file, line: line === undefined ? undefined : Number(line) };
    }
    case 'link':
      return { kind: 'link', url: json.url };
    case 'group':
      return own?.kind === 'run' ? own : { kind: 'group', label: fitting(Label, json.label) };
    default:
      return undefined;
  }
}

const whole = (value: Json | undefined): unknown => (typeof value === 'number' ? Math.round(value) : value);

interface Read<T> {
  readonly value: T;
  readonly caption?: RunCaption | undefined;
}

function nodeIn(json: JsonObject): Read<NewNode> | undefined {
  const own = fitting(Own, json.soma);
  const raw = rawKind(json, own);
  if (raw === undefined) return undefined;
  const { caption, ...kind } = { caption: undefined, ...raw };
  const value = fitting(NewNode, {
    ...kind,
    id: json.id,
    x: whole(json.x),
    y: whole(json.y),
    width: whole(json.width),
    height: whole(json.height),
    colour: fitting(Colour, json.color),
  });
  return value === undefined ? undefined : { value, caption: fitting(RunCaption, caption) };
}

function edgeIn(json: JsonObject): Read<CanvasEdge> | undefined {
  const value = fitting(CanvasEdge, {
    id: json.id,
    from: json.fromNode,
    to: json.toNode,
    fromSide: fitting(Side, json.fromSide),
    toSide: fitting(Side, json.toSide),
    fromEnd: fitting(EdgeEnd, json.fromEnd),
    toEnd: fitting(EdgeEnd, json.toEnd),
    label: fitting(Label, json.label),
    colour: fitting(Colour, json.color),
  });
  return value === undefined ? undefined : { value };
}

const GEOMETRY: ReadonlySet<string> = new Set(['id', 'type', 'x', 'y', 'width', 'height']);

/** Keeps, as JSON text, every key of the file's entry that ours does not say already. */
function keep(fields: FieldMap, json: JsonObject, ours: JsonObject): void {
  const kept = Object.entries(json).filter(
    ([key, value]) => !GEOMETRY.has(key) && !equalityDeep(value, ours[key]),
  );
  if (kept.length > 0) fields.set('foreign', JSON.stringify(Object.fromEntries(kept)));
}

interface Filling {
  readonly doc: Y.Doc;
  readonly name: 'nodes' | 'edges';
  readonly read: (
    json: JsonObject,
    index: number,
  ) => { readonly fields: FieldMap; readonly ours: JsonObject } | undefined;
}

function fill({ doc, name, read }: Filling, list: readonly Json[]): void {
  const kept: z.infer<typeof Kept> = [];
  for (const [index, value] of list.entries()) {
    const json = JsonRecord.safeParse(value);
    const written = json.success ? read(json.data, index) : undefined;
    if (written === undefined || !json.success) kept.push({ index, value });
    else keep(written.fields, json.data, written.ours);
  }
  if (kept.length > 0) foreignOf(doc).set(name, JSON.stringify(kept));
}

function listOf(json: JsonObject, name: 'nodes' | 'edges'): readonly Json[] {
  const list = json[name] ?? [];
  if (!Array.isArray(list) || list.length > CANVAS_LIMITS[name]) {
    throw new FaultError('INVALID_INPUT', { field: name });
  }
  return list;
}

function fillNodes(doc: Y.Doc, list: readonly Json[]): void {
  const nodes = new Set<string>();
  const read = (json: JsonObject, index: number) => {
    const node = nodeIn(json);
    if (node === undefined || nodes.has(node.value.id)) return undefined;
    nodes.add(node.value.id);
    const fields = writeNode(doc, node.value, index);
    if (node.caption !== undefined) fields.set('caption', node.caption);
    const drawn: CanvasNode =
      node.value.kind === 'run'
        ? { ...node.value, z: index, caption: node.caption }
        : { ...node.value, z: index };
    return { fields, ours: nodeOut(drawn) };
  };
  fill({ doc, name: 'nodes', read }, list);
}

function fillEdges(doc: Y.Doc, list: readonly Json[]): void {
  const edges = new Set<string>();
  const read = (json: JsonObject, index: number) => {
    const edge = edgeIn(json);
    if (edge === undefined || edges.has(edge.value.id)) return undefined;
    edges.add(edge.value.id);
    const fields = writeEdge(doc, edge.value);
    fields.set('rank', index);
    return { fields, ours: edgeOut(edge.value) };
  };
  fill({ doc, name: 'edges', read }, list);
}

/**
 * A new board from a JSON Canvas file. Nothing is lost: unknown keys stay with their node or edge, and an entry that no kind of ours
 * can show is kept for the next `toJsonCanvas`. Throws INVALID_INPUT when the value is no canvas at all or beyond CANVAS_LIMITS.
 */
export function fromJsonCanvas(json: unknown): Y.Doc {
  const parsed = JsonRecord.safeParse(json);
  if (!parsed.success) throw new FaultError('INVALID_INPUT', { field: 'canvas' });
  const { nodes: _nodes, edges: _edges, ...top } = parsed.data;
  const [nodes, edges] = [listOf(parsed.data, 'nodes'), listOf(parsed.data, 'edges')];
  const doc = new Y.Doc();
  doc.transact(() => {
    fillNodes(doc, nodes);
    fillEdges(doc, edges);
    const foreign = foreignOf(doc);
    if (Object.keys(top).length > 0) foreign.set('top', JSON.stringify(top));
    const absent = ['nodes', 'edges'].filter((name) => parsed.data[name] === undefined);
    if (absent.length > 0) foreign.set('absent', absent);
  });
  return doc;
}
