import { createHash } from 'node:crypto';
import { INLINE_LIMIT, type Scope } from '@soma/schemas/event';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentStore } from '../port/index.ts';
import { scopeOf } from './event-sample.ts';

/** One store on storage of its own. */
export interface ContentStoreUnderTest {
  readonly store: ContentStore;
  /** Largest text it takes, in bytes of UTF-8; small, so that a test can pass it. */
  readonly limitBytes: number;
  /** Closes it and opens it again on the same storage. */
  reopen(): Promise<ContentStoreUnderTest>;
  close(): Promise<void>;
}

const scope = scopeOf();

/** What every ContentStore must do. `make` answers a new, empty one. */
export function contentStoreConformance(name: string, make: () => Promise<ContentStoreUnderTest>): void {
  describe(`${name} keeps the promises of a ContentStore`, () => {
    let under: ContentStoreUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());
    const put = (text: string, of: Scope = scope) => under.store.put(of, text, 'text/plain');

    it('answers the hash and size of the UTF-8 bytes', async () => {
      const text = 'ä€😀'.repeat(1000);
      const content = await put(text);
      expect(content).toEqual({ hash: sha256(text), size: Buffer.byteLength(text), mediaType: 'text/plain' });
    });

    it('carries a text of up to the limit inline and stores a longer one apart', async () => {
      expect((await put('x'.repeat(INLINE_LIMIT))).inline).toBe('x'.repeat(INLINE_LIMIT));
      expect((await put('x'.repeat(INLINE_LIMIT + 1))).inline).toBeUndefined();
      expect((await put('€'.repeat(INLINE_LIMIT / 2))).inline).toBeUndefined();
    });

    it('gives any text back as it was put, also after it is opened again', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), async (part, long) => {
          const text = long ? part.padEnd(INLINE_LIMIT + 1, 'y') : part;
          const content = await put(text);
          expect(await under.store.get(scope, content)).toBe(text);
          under = await under.reopen();
          expect(await under.store.get(scope, content)).toBe(text);
        }),
        { numRuns: 50 },
      );
    });

    it('keeps text and hash in agreement for half a surrogate pair, which has no bytes', async () => {
      for (const text of ['\ud800', `${'z'.repeat(INLINE_LIMIT)}\udfff`]) {
        const content = await put(text);
        const back = await under.store.get(scope, content);
        expect(back).toBe(text.replace(/[\ud800-\udfff]/, '\ufffd'));
        expect(sha256(back ?? '')).toBe(content.hash);
      }
    });

    it('takes the same text any number of times, also at once', async () => {
      const text = 'same'.repeat(INLINE_LIMIT);
      const contents = await Promise.all(Array.from({ length: 8 }, () => put(text)));
      expect(new Set(contents.map(({ hash }) => hash))).toEqual(new Set([sha256(text)]));
      expect(await under.store.get(scope, await put(text))).toBe(text);
    });

    it('refuses a text above its bound and takes one of exactly that size', async () => {
      const limit = under.limitBytes;
      expect((await put('x'.repeat(limit))).size).toBe(limit);
      await expect(put('x'.repeat(limit + 1))).rejects.toMatchObject({
        fault: { code: 'TOOL_OUTPUT_TOO_LARGE', data: { size: limit + 1, limit } },
      });
    });

    it('answers null for what was never put', async () => {
      const content = { hash: sha256('never'), size: 5, mediaType: 'text/plain' };
      expect(await under.store.get(scope, content)).toBeNull();
    });

    it('answers null for what was erased, and takes it again', async () => {
      const text = 'erase'.repeat(INLINE_LIMIT);
      const content = await put(text);
      await under.store.erase(scope, content.hash);
      expect(await under.store.get(scope, content)).toBeNull();
      await under.store.erase(scope, content.hash);
      expect(await under.store.get(scope, await put(text))).toBe(text);
    });

    it('shows nobody the texts of another workspace or tenant', async () => {
      const text = 'private'.repeat(INLINE_LIMIT);
      const content = await put(text);
      for (const other of [scopeOf('other'), scopeOf('local', 'other')]) {
        expect(await under.store.get(other, content)).toBeNull();
        await under.store.erase(other, content.hash);
      }
      expect(await under.store.get(scope, content)).toBe(text);
    });

    it('refuses a hash that is none', async () => {
      const content = { hash: '../../etc/passwd', size: 1, mediaType: 'text/plain' };
      const refused = { fault: { code: 'INVALID_INPUT' } };
      await expect(under.store.get(scope, content)).rejects.toMatchObject(refused);
      await expect(under.store.erase(scope, content.hash)).rejects.toMatchObject(refused);
    });

    it('refuses an inline text that is not the one of its hash', async () => {
      const content = { ...(await put('true')), inline: 'false' };
      await expect(under.store.get(scope, content)).rejects.toMatchObject({
        fault: { code: 'DATABASE_DAMAGED' },
      });
    });
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
