import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DocumentFrame, encodeFrame, FRAME_LIMITS, FrameReader } from './index.ts';
import { crc32 } from './seal.ts';

const anyDocument = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const anyNumber = fc.nat();
const anyBytes = fc.uint8Array({ maxLength: 200 });
const change = {
  document: anyDocument,
  update: anyBytes,
  number: anyNumber,
  group: fc.string({ maxLength: 40 }),
};
const anyFrame: fc.Arbitrary<DocumentFrame> = fc.oneof(
  fc.record({ kind: fc.constantFrom('hello' as const, 'gone' as const) }),
  fc.record({ kind: fc.constantFrom('subscribe' as const, 'unsubscribe' as const), document: anyDocument }),
  fc.record({ kind: fc.constantFrom('undo' as const, 'redo' as const), document: anyDocument }),
  fc.record({ kind: fc.constant('sync-step-1' as const), document: anyDocument, state: anyBytes }),
  fc.record({ kind: fc.constantFrom('sync-step-2' as const, 'update' as const), ...change }),
  fc.record({ kind: fc.constant('awareness' as const), document: anyDocument, update: anyBytes }),
  fc.record({
    kind: fc.constant('undo-state' as const),
    document: anyDocument,
    canUndo: fc.boolean(),
    canRedo: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('saved' as const), document: anyDocument, through: anyNumber }),
  fc.record({
    kind: fc.constant('refused' as const),
    document: anyDocument,
    number: anyNumber,
    fault: fc.constant({
      code: 'DISK_FULL' as const,
      data: { reason: 'ENOSPC' },
      retry: { when: 'now' as const },
    }),
  }),
);

/** A frame with so many bytes in it. */
function large(size: number): DocumentFrame {
  const update = new Uint8Array(size);
  for (let at = 0; at < size; at += 997) update[at] = at & 0xff;
  return { kind: 'update', document: 'd', update, number: 7, group: 'g' };
}

function refusalOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error instanceof Error && 'fault' in error ? error.fault : error;
  }
  return undefined;
}
const refused = (why: string) => ({ code: 'CANVAS_UPDATE_REFUSED', data: { why }, retry: { when: 'never' } });

describe('a document frame', () => {
  it('comes out of its message as it went in', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const [message, ...more] = encodeFrame(frame);
        expect(more).toEqual([]);
        expect(new FrameReader().read(message ?? new Uint8Array())).toEqual(frame);
      }),
      { numRuns: 500 },
    );
  });

  it('is refused with any one byte changed, left out or added', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, where, by) => {
        const message = encodeFrame(frame)[0] ?? new Uint8Array();
        const at = where % message.length;
        const changed = Uint8Array.from(message);
        changed[at] = ((changed[at] ?? 0) + by) & 0xff;
        const shorter = Uint8Array.from([...message.subarray(0, at), ...message.subarray(at + 1)]);
        const longer = Uint8Array.from([...message.subarray(0, at), by, ...message.subarray(at)]);
        for (const bytes of [changed, shorter, longer]) {
          expect(refusalOf(() => new FrameReader().read(bytes))).toMatchObject({
            code: 'CANVAS_UPDATE_REFUSED',
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([[0], [1], [3], [100]])('is never read out of %i arbitrary bytes', (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, index) => index & 0xff);
    expect(refusalOf(() => new FrameReader().read(bytes))).toMatchObject({ code: 'CANVAS_UPDATE_REFUSED' });
  });

  it('above 1 MB goes in chunks of at most that, and comes together again', () => {
    const frame = large(3 * FRAME_LIMITS.frame);
    const messages = encodeFrame(frame);
    expect(messages.length).toBe(4);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(FRAME_LIMITS.frame);
    const reader = new FrameReader();
    const read = messages.map((message) => reader.read(message));
    expect(read.slice(0, -1)).toEqual([undefined, undefined, undefined]);
    const last = read.at(-1);
    expect(
      last?.kind === 'update' && frame.kind === 'update' && Buffer.compare(last.update, frame.update),
    ).toBe(0);
  });

  it('is refused above 64 MB, on both sides', () => {
    expect(refusalOf(() => encodeFrame(large(FRAME_LIMITS.assembled)))).toEqual(refused('too-large'));
    expect(refusalOf(() => new FrameReader().read(new Uint8Array(FRAME_LIMITS.frame + 1)))).toEqual(
      refused('too-large'),
    );
  });

  it('is not made of chunks that are missing, repeated or out of order, and the reader goes on', () => {
    const [first, second, third] = encodeFrame(large(2.5 * FRAME_LIMITS.frame));
    const small: DocumentFrame = { kind: 'subscribe', document: 'd' };
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three chunks are needed');
    for (const wrong of [[first, third], [second], [first, first, third], [first, second, second]]) {
      const reader = new FrameReader();
      const outcomes = wrong.map((message) => refusalOf(() => reader.read(message)));
      expect(outcomes.at(-1)).toEqual(refused('malformed'));
      const [message] = encodeFrame(small);
      expect(reader.read(message ?? new Uint8Array())).toEqual(small);
    }
  });

  it('of another version is refused', () => {
    const [message] = encodeFrame({ kind: 'hello' });
    const other = Uint8Array.from(message ?? []);
    other[0] = 2;
    expect(refusalOf(() => new FrameReader().read(other))).toEqual(refused('malformed'));
  });
});

describe('the checksum', () => {
  it('is CRC-32 as everybody computes it', () => {
    const bytes = new TextEncoder().encode('123456789');
    expect(crc32(bytes).toString(16)).toBe('cbf43926');
    expect(crc32(new Uint8Array())).toBe(0);
  });
});
