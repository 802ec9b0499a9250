import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { z } from 'zod';
import { Fault } from '../event/fault.ts';
import { FaultError } from '../event/fault-error.ts';
import { crc32, seal, unseal } from './seal.ts';

/** Bounds of the wire between a window and the hub, in bytes. */
export const FRAME_LIMITS = {
  /** One message on the wire; anything larger is sent in chunks. */
  frame: 1_048_576,
  /** What chunks may add up to. */
  assembled: 67_108_864,
  /** One change to a document. */
  update: 16_777_216,
} as const;

/**
 * What passes between a window and the hub about one document. `number` counts the sender's own changes from 1, so that *saved* and *refused*
 * can name them; `group` joins changes into one step of undo. Frames without a document concern the whole pipe.
 */
export type DocumentFrame =
  /** The hub is there; whatever was open subscribes again. */
  | { readonly kind: 'hello' }
  /** The hub is gone; edits are kept until the next *hello*. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'subscribe'; readonly document: string }
  | { readonly kind: 'unsubscribe'; readonly document: string }
  | { readonly kind: 'sync-step-1'; readonly document: string; readonly state: Uint8Array }
  | ({ readonly kind: 'sync-step-2' } & Change)
  | ({ readonly kind: 'update' } & Change)
  | { readonly kind: 'awareness'; readonly document: string; readonly update: Uint8Array }
  | { readonly kind: 'undo'; readonly document: string }
  | { readonly kind: 'redo'; readonly document: string }
  | {
      readonly kind: 'undo-state';
      readonly document: string;
      readonly canUndo: boolean;
      readonly canRedo: boolean;
    }
  /** Everything this window sent up to `through` is on disk. */
  | { readonly kind: 'saved'; readonly document: string; readonly through: number }
  /** `number` is 0 when it was not about a change, for example when the document could not be loaded. */
  | { readonly kind: 'refused'; readonly document: string; readonly number: number; readonly fault: Fault };

interface Change {
  readonly document: string;
  readonly update: Uint8Array;
  readonly number: number;
  readonly group: string;
}

const KINDS = [
  'hello',
  'gone',
  'subscribe',
  'unsubscribe',
  'sync-step-1',
  'sync-step-2',
  'update',
  'awareness',
  'undo',
  'redo',
  'undo-state',
  'saved',
  'refused',
  'chunk',
] as const;

/** First byte of every message, so that another protocol is never taken for this one. */
const VERSION = 1;
/** Room in a chunk for its head and checksum. */
const CHUNK_PIECE = FRAME_LIMITS.frame - 64;
const MOST_CHUNKS = Math.ceil(FRAME_LIMITS.assembled / CHUNK_PIECE);

/** Thrown for a message that is no frame: cut, damaged, too large or of another protocol. */
export function refuseFrame(why: 'checksum' | 'malformed' | 'too-large'): FaultError {
  return new FaultError('CANVAS_UPDATE_REFUSED', { why });
}

function writePayload(encoder: encoding.Encoder, frame: DocumentFrame): void {
  switch (frame.kind) {
    case 'hello':
    case 'gone':
    case 'subscribe':
    case 'unsubscribe':
    case 'undo':
    case 'redo':
      return;
    case 'sync-step-1':
      encoding.writeVarUint8Array(encoder, frame.state);
      return;
    case 'sync-step-2':
    case 'update':
      encoding.writeVarUint(encoder, frame.number);
      encoding.writeVarString(encoder, frame.group);
      encoding.writeVarUint8Array(encoder, frame.update);
      return;
    case 'awareness':
      encoding.writeVarUint8Array(encoder, frame.update);
      return;
    case 'undo-state':
      encoding.writeVarUint(encoder, (frame.canUndo ? 1 : 0) + (frame.canRedo ? 2 : 0));
      return;
    case 'saved':
      encoding.writeVarUint(encoder, frame.through);
      return;
    case 'refused':
      encoding.writeVarUint(encoder, frame.number);
      encoding.writeVarString(encoder, JSON.stringify(frame.fault));
      return;
  }
}

function opened(kind: (typeof KINDS)[number], document: string): encoding.Encoder {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, VERSION);
  encoding.writeVarUint(encoder, KINDS.indexOf(kind));
  encoding.writeVarString(encoder, document);
  return encoder;
}

/**
 * The messages that carry one frame: one, or several chunks when it is larger than FRAME_LIMITS.frame. Send them in order, with
 * nothing between. Throws CANVAS_UPDATE_REFUSED when it exceeds what the other side would assemble.
 */
export function encodeFrame(frame: DocumentFrame): Uint8Array<ArrayBuffer>[] {
  const encoder = opened(frame.kind, 'document' in frame ? frame.document : '');
  writePayload(encoder, frame);
  const whole = seal(encoding.toUint8Array(encoder));
  if (whole.length <= FRAME_LIMITS.frame) return [whole];
  if (whole.length > FRAME_LIMITS.assembled) throw refuseFrame('too-large');
  const [count, id] = [Math.ceil(whole.length / CHUNK_PIECE), crc32(whole)];
  return Array.from({ length: count }, (_, index) => {
    const chunk = opened('chunk', '');
    encoding.writeVarUint(chunk, id);
    encoding.writeVarUint(chunk, index);
    encoding.writeVarUint(chunk, count);
    encoding.writeVarUint8Array(chunk, whole.subarray(index * CHUNK_PIECE, (index + 1) * CHUNK_PIECE));
    return seal(encoding.toUint8Array(chunk));
  });
}

interface Chunk {
  readonly kind: 'chunk';
  readonly id: number;
  readonly index: number;
  readonly count: number;
  readonly piece: Uint8Array;
}

const DocumentId = z.string().min(1).max(200);
const Group = z.string().max(200);

function readChange(decoder: decoding.Decoder, document: string): Change {
  return {
    document,
    number: decoding.readVarUint(decoder),
    group: Group.parse(decoding.readVarString(decoder)),
    update: decoding.readVarUint8Array(decoder),
  };
}

function readPayload(
  decoder: decoding.Decoder,
  kind: string | undefined,
  name: string,
): DocumentFrame | Chunk {
  if (kind === 'hello' || kind === 'gone') return { kind };
  if (kind === 'chunk') {
    const [id, index, count] = [
      decoding.readVarUint(decoder),
      decoding.readVarUint(decoder),
      decoding.readVarUint(decoder),
    ];
    return { kind, id, index, count, piece: decoding.readVarUint8Array(decoder) };
  }
  const document = DocumentId.parse(name);
  switch (kind) {
    case 'subscribe':
    case 'unsubscribe':
    case 'undo':
    case 'redo':
      return { kind, document };
    case 'sync-step-1':
      return { kind, document, state: decoding.readVarUint8Array(decoder) };
    case 'sync-step-2':
    case 'update':
      return { kind, ...readChange(decoder, document) };
    case 'awareness':
      return { kind, document, update: decoding.readVarUint8Array(decoder) };
    case 'undo-state': {
      const bits = decoding.readVarUint(decoder);
      return { kind, document, canUndo: (bits & 1) === 1, canRedo: (bits & 2) === 2 };
    }
    case 'saved':
      return { kind, document, through: decoding.readVarUint(decoder) };
    case 'refused': {
      const number = decoding.readVarUint(decoder);
      return { kind, document, number, fault: Fault.parse(JSON.parse(decoding.readVarString(decoder))) };
    }
    default:
      throw refuseFrame('malformed');
  }
}

function parse(message: Uint8Array, limit: number): DocumentFrame | Chunk {
  if (message.length > limit) throw refuseFrame('too-large');
  if (message[0] !== VERSION) throw refuseFrame('malformed');
  const body = unseal(message);
  if (body === undefined) throw refuseFrame('checksum');
  try {
    const decoder = decoding.createDecoder(body);
    decoding.readUint8(decoder);
    const kind = KINDS[decoding.readVarUint(decoder)];
    const frame = readPayload(decoder, kind, decoding.readVarString(decoder));
    if (decoding.hasContent(decoder)) throw refuseFrame('malformed');
    return frame;
  } catch (error) {
    throw error instanceof FaultError ? error : refuseFrame('malformed');
  }
}

/** Turns the messages of one sender back into frames. Chunks must come in order; what is half assembled stays bounded. */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #id = -1;
  #size = 0;

  /**
   * The frame this message carries or completes, or undefined when more chunks are to come. Throws CANVAS_UPDATE_REFUSED for anything else; the reader
   * stays usable.
   */
  read(message: Uint8Array): DocumentFrame | undefined {
    const frame = parse(message, FRAME_LIMITS.frame);
    if (frame.kind !== 'chunk') return frame;
    try {
      return this.#collect(frame);
    } catch (error) {
      this.#reset(-1);
      throw error;
    }
  }

  #collect(chunk: Chunk): DocumentFrame | undefined {
    if (chunk.index === 0) this.#reset(chunk.id);
    if (chunk.count > MOST_CHUNKS) throw refuseFrame('too-large');
    if (chunk.id !== this.#id || chunk.index !== this.#pieces.length || chunk.index >= chunk.count) {
      throw refuseFrame('malformed');
    }
    this.#size += chunk.piece.length;
    if (this.#size > FRAME_LIMITS.assembled) throw refuseFrame('too-large');
    this.#pieces.push(chunk.piece);
    if (this.#pieces.length < chunk.count) return undefined;
    const whole = new Uint8Array(this.#size);
    let offset = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    this.#reset(-1);
    const frame = parse(whole, FRAME_LIMITS.assembled);
    if (frame.kind === 'chunk') throw refuseFrame('malformed');
    return frame;
  }

  #reset(id: number): void {
    this.#pieces = [];
    this.#id = id;
    this.#size = 0;
  }
}
