import * as Y from 'yjs';
import { CanvasEdge, CanvasNode, type CanvasSnapshot, type NewNode, type Rect } from './node.ts';

/**
 * How a board lies in its Y.Doc. Two maps at the root: `nodes` and `edges`, by id; `foreign` keeps what an imported file held
 * and no kind of ours can show. A node is a Y.Map with `kind`, `at` [x, y], `size` [width, height], `z`, `ref` (what it points at, plain JSON), and where
 * they apply `text` (Y.Text), `label`, `colour`, `caption`, `foreign` (JSON text of an imported node's unknown keys). Position and size are
 * single values, so that two people who move one node at once never mix their coordinates.
 */
export type FieldMap = Y.Map<unknown>;

export const nodesOf = (doc: Y.Doc): FieldMap => doc.getMap('nodes');
export const edgesOf = (doc: Y.Doc): FieldMap => doc.getMap('edges');
export const foreignOf = (doc: Y.Doc): FieldMap => doc.getMap('foreign');

/** The fields of one node or edge; undefined when the id holds none, or something else than fields. */
export function fieldsOf(map: FieldMap, id: string): FieldMap | undefined {
  const fields = map.get(id);
  return fields instanceof Y.Map ? fields : undefined;
}

function pair(value: unknown): readonly [unknown, unknown] {
  return Array.isArray(value) ? [value[0], value[1]] : [undefined, undefined];
}

function record(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function parseNode(id: string, fields: FieldMap): CanvasNode | undefined {
  const [x, y] = pair(fields.get('at'));
  const [width, height] = pair(fields.get('size'));
  const text = fields.get('text');
  const parsed = CanvasNode.safeParse({
    ...record(fields.get('ref')),
    id,
    kind: fields.get('kind'),
    x,
    y,
    width,
    height,
    z: fields.get('z'),
    colour: fields.get('colour'),
    label: fields.get('label'),
    caption: fields.get('caption'),
    text: text instanceof Y.Text ? text.toJSON() : undefined,
  });
  return parsed.success ? parsed.data : undefined;
}

/** One node, or undefined when it is not there or not whole. */
export function readNode(doc: Y.Doc, id: string): CanvasNode | undefined {
  const fields = fieldsOf(nodesOf(doc), id);
  return fields === undefined ? undefined : parseNode(id, fields);
}

function parseEdge(id: string, fields: FieldMap): CanvasEdge | undefined {
  const parsed = CanvasEdge.safeParse({ ...fields.toJSON(), id });
  return parsed.success ? parsed.data : undefined;
}

/** One edge, or undefined when it is not there or not whole. Its ends may be gone: `readCanvas` leaves such an edge out. */
export function readEdge(doc: Y.Doc, id: string): CanvasEdge | undefined {
  const fields = fieldsOf(edgesOf(doc), id);
  return fields === undefined ? undefined : parseEdge(id, fields);
}

/** Order of drawing: lowest first. */
export function byOrder(a: CanvasNode, b: CanvasNode): number {
  return a.z - b.z || (a.id < b.id ? -1 : 1);
}

function readAll<T>(map: FieldMap, parse: (id: string, fields: FieldMap) => T | undefined): T[] {
  const found: T[] = [];
  for (const [id, fields] of map) {
    const value = fields instanceof Y.Map ? parse(id, fields) : undefined;
    if (value !== undefined) found.push(value);
  }
  return found;
}

/** Every whole node, lowest first. */
export function readNodes(doc: Y.Doc): CanvasNode[] {
  return readAll(nodesOf(doc), parseNode).sort(byOrder);
}

/** Every whole edge by id, also those whose ends are gone. */
export function readEdges(doc: Y.Doc): CanvasEdge[] {
  return readAll(edgesOf(doc), parseEdge).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The board as it stands. What is not whole, from whatever source, is left out: reading never throws. */
export function readCanvas(doc: Y.Doc): CanvasSnapshot {
  const nodes = readNodes(doc);
  const ids = new Set(nodes.map((node) => node.id));
  return { nodes, edges: readEdges(doc).filter((edge) => ids.has(edge.from) && ids.has(edge.to)) };
}

/** The living text of a note, for an editor to bind to; undefined when the node is no note. */
export function noteText(doc: Y.Doc, id: string): Y.Text | undefined {
  const text = fieldsOf(nodesOf(doc), id)?.get('text');
  return text instanceof Y.Text ? text : undefined;
}

/** Places and order of all nodes, without the rest: what layout needs. */
export function readPlaces(doc: Y.Doc): Map<string, Rect & { readonly z: number; readonly kind: unknown }> {
  const places = new Map<string, Rect & { readonly z: number; readonly kind: unknown }>();
  for (const [id, fields] of nodesOf(doc)) {
    if (!(fields instanceof Y.Map)) continue;
    const [x, y] = pair(fields.get('at'));
    const [width, height] = pair(fields.get('size'));
    const z: unknown = fields.get('z');
    if (typeof x !== 'number' || typeof y !== 'number' || typeof z !== 'number') continue;
    if (typeof width !== 'number' || typeof height !== 'number') continue;
    places.set(id, { x, y, width, height, z, kind: fields.get('kind') });
  }
  return places;
}

function textOf(value: string): Y.Text {
  const text = new Y.Text();
  if (value !== '') text.insert(0, wellFormed(value));
  return text;
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The same text with half characters replaced, since no UTF-8 can carry them. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\uFFFD');
}

/** Writes a whole new node; the caller holds the transaction and has checked that the id is free. */
export function writeNode(doc: Y.Doc, node: NewNode, z: number): FieldMap {
  const { id, kind, x, y, width, height, colour, ...rest } = node;
  const fields: FieldMap = new Y.Map();
  const ref: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    if (name === 'text') fields.set('text', textOf(String(value)));
    else if (name === 'label') fields.set('label', value);
    else ref[name] = value;
  }
  fields.set('kind', kind);
  fields.set('at', [x, y]);
  fields.set('size', [width, height]);
  fields.set('z', z);
  if (colour !== undefined) fields.set('colour', colour);
  if (Object.keys(ref).length > 0) fields.set('ref', ref);
  nodesOf(doc).set(id, fields);
  return fields;
}

/** Writes a whole new edge; the caller holds the transaction and has checked that the id is free. */
export function writeEdge(doc: Y.Doc, edge: CanvasEdge): FieldMap {
  const fields: FieldMap = new Y.Map();
  const { id, ...rest } = edge;
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) fields.set(name, value);
  edgesOf(doc).set(id, fields);
  return fields;
}

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Turns a text into another by one removal and one insertion, whole characters only. Answers whether anything changed. */
export function rewriteText(text: Y.Text, wanted: string): boolean {
  const [from, to] = [text.toJSON(), wellFormed(wanted)];
  if (from === to) return false;
  let head = 0;
  while (head < from.length && head < to.length && from.charCodeAt(head) === to.charCodeAt(head)) head += 1;
  if (head > 0 && isHigh(from.charCodeAt(head - 1))) head -= 1;
  let tail = 0;
  const most = Math.min(from.length, to.length) - head;
  while (tail < most && from.charCodeAt(from.length - 1 - tail) === to.charCodeAt(to.length - 1 - tail))
    tail += 1;
  if (tail > 0 && isLow(from.charCodeAt(from.length - tail))) tail -= 1;
  if (from.length > head + tail) text.delete(head, from.length - head - tail);
  if (to.length > head + tail) text.insert(head, to.slice(head, to.length - tail));
  return true;
}
