import { createHash, hash } from 'node:crypto';
import { FaultError, RecordedEvent, type Scope, upcast } from '@soma/schemas/event';
import { canonical, isObject } from './canonical.ts';

/** One row of `events` as SQLite answers it. */
export interface EventRow {
  readonly position: number;
  readonly tenant: string;
  readonly workspace: string;
  readonly stream: string;
  readonly sequence: number;
  readonly id: string;
  readonly payload: Buffer;
  readonly checksum: Buffer;
  readonly chain: Buffer;
}

/** What is stored of an event before its place in the log is known. `bare` is the hash of the event without inline text. */
export interface EncodedEvent {
  readonly event: RecordedEvent;
  readonly payload: Buffer;
  readonly checksum: Buffer;
  readonly bare: Buffer;
}

/** The link before the first event of a stream. */
export const CHAIN_START = Buffer.alloc(32);

export function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const [first = '', ...others] = parts;
  if (others.length === 0) return hash('sha256', first, 'buffer');
  const of = createHash('sha256');
  for (const part of parts) of.update(part);
  return of.digest();
}

/** Without it in its bytes, an event has no inline text. */
const INLINE = '"inline":';

/** The next link of a stream's hash chain. */
export function link(before: Buffer, bare: Buffer): Buffer {
  return sha256(Buffer.concat([before, bare]));
}

export function encode(event: RecordedEvent): EncodedEvent {
  const payload = Buffer.from(canonical(event), 'utf8');
  const checksum = sha256(payload);
  const bare = payload.includes(INLINE) ? sha256(canonical(withoutInline(event))) : checksum;
  return { event, payload, checksum, bare };
}

/** The event of a row whose bytes are what was written, in its type's present version; otherwise throws `DATABASE_DAMAGED`, or `DATA_FOLDER_NEWER` for an unknown shape. */
export function decode(row: EventRow): RecordedEvent {
  const where = { database: 'ledger', stream: row.stream, sequence: row.sequence };
  if (!isIntact(row)) {
    throw new FaultError('DATABASE_DAMAGED', { ...where, reason: 'checksum' });
  }
  const parsed = RecordedEvent.safeParse(upcast(JSON.parse(row.payload.toString('utf8'))));
  if (!parsed.success) throw new FaultError('DATA_FOLDER_NEWER', { ...where, reason: 'unknown-event' });
  const event = parsed.data;
  const { tenant, workspace } = event.scope;
  const placed = event.stream === row.stream && event.sequence === row.sequence && event.id === row.id;
  if (!placed || tenant !== row.tenant || workspace !== row.workspace) {
    throw new FaultError('DATABASE_DAMAGED', { ...where, reason: 'misplaced' });
  }
  return event;
}

/** Whether the payload is what was written. A damaged page may hold values of any type. */
export function isIntact({ payload, checksum, chain }: EventRow): boolean {
  return (
    [payload, checksum, chain].every((value) => Buffer.isBuffer(value)) && sha256(payload).equals(checksum)
  );
}

/** Hash of a payload with every inline text left out, so that erasing a text leaves the chain whole. */
export function bareHash(payload: Buffer, checksum: Buffer): Buffer {
  if (!payload.includes(INLINE)) return checksum;
  const text = payload.toString('utf8');
  return sha256(cutInline(text) ?? canonical(withoutInline(JSON.parse(text))));
}

const STRING = '"(?:[^"\\\\]|\\\\.)*"';
/** A content with inline text as it is written, whose only other members follow in this order. */
const CONTENT = new RegExp(
  `(?<=[{,])("hash":${STRING}),"inline":${STRING}(,"mediaType":${STRING},"size":[-+.0-9eE]+})`,
  'g',
);

/**
 * A canonical text without its inline texts, cut out as they stand: within a string every quote has a sign before it, so what is found are keys. Null
 * where that is not sure to be what leaving them out of the value comes to.
 */
function cutInline(text: string): string | null {
  const without = text.replace(CONTENT, '$1$2');
  return without.includes(INLINE) ? null : without;
}

function withoutInline(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInline);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'inline' || !isContent(value));
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutInline(member)]));
}

function isContent(value: Record<string, unknown>): value is { hash: string } {
  return (
    typeof value.hash === 'string' && typeof value.size === 'number' && typeof value.mediaType === 'string'
  );
}

/** Where rows belong. */
export type Place = Pick<Scope, 'tenant' | 'workspace'>;

/** Tenant and workspace, in the order in which every statement binds them. */
export function place(scope: Place): [tenant: string, workspace: string] {
  return [scope.tenant, scope.workspace];
}
