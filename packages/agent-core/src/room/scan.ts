import { FaultError } from '@soma/schemas/event';
import * as decoding from 'lib0/decoding';

/** Bounds of one update from outside. */
export const SCAN_LIMITS = {
  /** Structs and deleted ranges, each. */
  parts: 200_000,
  /** Plain values, in all. */
  values: 400_000,
  depth: 16,
  clock: 0xffff_ffff,
} as const;

/** A run of clocks of one client: from `start` up to but not including `end`. */
export interface Span {
  readonly client: number;
  readonly start: number;
  readonly end: number;
}

/** What an update says it brings and needs, read without touching any document. */
export interface ScannedUpdate {
  /** At most one a client. */
  readonly inserts: readonly Span[];
  /** Highest clock each client must have reached, once this update is in. */
  readonly needs: ReadonlyMap<number, number>;
}

type Reason =
  | 'malformed'
  | 'too-many-parts'
  | 'content'
  | 'root'
  | 'missing'
  | 'owner'
  | 'shape'
  | 'too-large';

/** Why an update was turned away, as the data of its fault. */
export function refuseUpdate(why: Reason): FaultError {
  return new FaultError('CANVAS_UPDATE_REFUSED', { why });
}

const ROOTS: ReadonlySet<string> = new Set(['nodes', 'edges', 'foreign']);

const BIT6 = 0x20;
const BIT7 = 0x40;
const BIT8 = 0x80;

interface Reading {
  readonly decoder: decoding.Decoder;
  readonly needs: Map<number, number>;
  parts: number;
  values: number;
}

function rest(decoder: decoding.Decoder): number {
  return decoder.arr.length - decoder.pos;
}

function readClient(decoder: decoding.Decoder): number {
  const client = decoding.readVarUint(decoder);
  if (client > 0xffff_ffff) throw refuseUpdate('malformed');
  return client;
}

function readLength(reading: Reading): number {
  const length = decoding.readVarUint(reading.decoder);
  if (length < 1 || length > SCAN_LIMITS.clock) throw refuseUpdate('malformed');
  return length;
}

/** A declared count that the bytes left could not hold is a bomb, not an update. */
function readCount(reading: Reading, bytesEach: number): number {
  const count = decoding.readVarUint(reading.decoder);
  if (count * bytesEach > rest(reading.decoder)) throw refuseUpdate('malformed');
  return count;
}

function count(reading: Reading): void {
  reading.parts += 1;
  if (reading.parts > SCAN_LIMITS.parts) throw refuseUpdate('too-many-parts');
}

function need(reading: Reading, client: number, end: number): void {
  reading.needs.set(client, Math.max(reading.needs.get(client) ?? 0, end));
}

/** Reads a reference from the struct at `client`, `clock`; one that points at itself or later could never be met. */
function readReference(reading: Reading, from: { readonly client: number; readonly clock: number }): void {
  const client = readClient(reading.decoder);
  const clock = decoding.readVarUint(reading.decoder);
  if (clock > SCAN_LIMITS.clock) throw refuseUpdate('malformed');
  if (client !== from.client) need(reading, client, clock + 1);
  else if (clock >= from.clock) throw refuseUpdate('malformed');
}

function readObject(reading: Reading, depth: number): void {
  for (let left = readCount(reading, 2); left > 0; left -= 1) {
    // As a key of a plain object it would change what the object is.
    if (decoding.readVarString(reading.decoder) === '__proto__') throw refuseUpdate('content');
    readAny(reading, depth + 1);
  }
}

/** Walks one plain value as lib0 writes it. Big integers and bytes are no part of a canvas. */
function readAny(reading: Reading, depth: number): void {
  reading.values += 1;
  if (depth > SCAN_LIMITS.depth || reading.values > SCAN_LIMITS.values) throw refuseUpdate('too-many-parts');
  const { decoder } = reading;
  switch (decoding.readUint8(decoder)) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return;
    case 125:
      decoding.readVarInt(decoder);
      return;
    case 124:
      decoding.readFloat32(decoder);
      return;
    case 123:
      decoding.readFloat64(decoder);
      return;
    case 119:
      decoding.readVarString(decoder);
      return;
    case 118:
      readObject(reading, depth);
      return;
    case 117:
      for (let left = readCount(reading, 1); left > 0; left -= 1) readAny(reading, depth + 1);
      return;
    default:
      throw refuseUpdate('content');
  }
}

/** Reads an item's content and answers how many clocks it takes. Only what a canvas is made of is let in. */
function readContent(reading: Reading, kind: number): number {
  switch (kind) {
    case 1: // deleted
      return readLength(reading);
    case 4: {
      const { length } = decoding.readVarString(reading.decoder);
      if (length === 0) throw refuseUpdate('malformed');
      return length;
    }
    case 7: {
      const type = decoding.readVarUint(reading.decoder);
      // A map or a text.
      if (type !== 1 && type !== 2) throw refuseUpdate('content');
      return 1;
    }
    case 8: {
      const values = readCount(reading, 1);
      if (values === 0) throw refuseUpdate('malformed');
      for (let left = values; left > 0; left -= 1) readAny(reading, 0);
      return values;
    }
    default:
      throw refuseUpdate('content');
  }
}

function readParent(reading: Reading, info: number, at: { client: number; clock: number }): void {
  const { decoder } = reading;
  const named = (info & BIT6) === BIT6;
  if (decoding.readVarUint(decoder) === 1) {
    // All roots are maps: a part without a key would lie there unseen.
    if (!named || !ROOTS.has(decoding.readVarString(decoder))) throw refuseUpdate('root');
  } else readReference(reading, at);
  if (named) decoding.readVarString(decoder);
}

/** Reads one struct and answers how many clocks it takes. */
function readStruct(reading: Reading, at: { client: number; clock: number }): number {
  count(reading);
  const info = decoding.readUint8(reading.decoder);
  const kind = info & 0x1f;
  // What was collected as garbage before it was sent.
  if (kind === 0) return readLength(reading);
  if ((info & BIT8) === BIT8) readReference(reading, at);
  if ((info & BIT7) === BIT7) readReference(reading, at);
  if ((info & (BIT7 | BIT8)) === 0) readParent(reading, info, at);
  return readContent(reading, kind);
}

function readInserts(reading: Reading): Span[] {
  const spans = new Map<number, Span>();
  for (let left = readCount(reading, 3); left > 0; left -= 1) {
    const structs = readCount(reading, 2);
    const client = readClient(reading.decoder);
    const start = decoding.readVarUint(reading.decoder);
    let clock = start;
    for (let struct = 0; struct < structs; struct += 1) clock += readStruct(reading, { client, clock });
    if (clock > SCAN_LIMITS.clock || spans.has(client)) throw refuseUpdate('malformed');
    spans.set(client, { client, start, end: clock });
  }
  return [...spans.values()];
}

function readDeletes(reading: Reading): void {
  for (let left = readCount(reading, 2); left > 0; left -= 1) {
    const client = readClient(reading.decoder);
    for (let ranges = readCount(reading, 2); ranges > 0; ranges -= 1) {
      count(reading);
      const clock = decoding.readVarUint(reading.decoder);
      need(reading, client, clock + readLength(reading));
    }
  }
}

/**
 * Reads a Yjs update (V1) from end to end within bounds. Throws CANVAS_UPDATE_REFUSED for anything a canvas never sends: so a few
 * bytes that declare millions of parts, or content of another kind, cost no more than being read.
 */
export function scanUpdate(update: Uint8Array): ScannedUpdate {
  const reading: Reading = { decoder: decoding.createDecoder(update), needs: new Map(), parts: 0, values: 0 };
  try {
    const inserts = readInserts(reading);
    readDeletes(reading);
    if (decoding.hasContent(reading.decoder)) throw refuseUpdate('malformed');
    return { inserts, needs: reading.needs };
  } catch (error) {
    throw error instanceof FaultError ? error : refuseUpdate('malformed');
  }
}

/** Checks a state vector in the same way. */
export function scanState(state: Uint8Array): void {
  const reading: Reading = { decoder: decoding.createDecoder(state), needs: new Map(), parts: 0, values: 0 };
  try {
    for (let left = readCount(reading, 2); left > 0; left -= 1) {
      count(reading);
      readClient(reading.decoder);
      decoding.readVarUint(reading.decoder);
    }
    if (decoding.hasContent(reading.decoder)) throw refuseUpdate('malformed');
  } catch (error) {
    throw error instanceof FaultError ? error : refuseUpdate('malformed');
  }
}
