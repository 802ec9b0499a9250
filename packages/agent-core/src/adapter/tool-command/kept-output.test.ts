import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { KeptOutput } from './kept-output.ts';

let home: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  home = temporaryFolder();
});
afterEach(() => home.remove());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const anyChunk = fc
  .array(fc.constantFrom('a', 'bb', '\n', 'line\n', 'é', '\r\n'), { maxLength: 20 })
  .map((parts) => Buffer.from(parts.join('')));

describe('output that is kept within bounds', () => {
  it('is whole while it fits, and otherwise whole lines of its head and of its tail; all of it is counted and hashed', () => {
    let file = 0;
    fc.assert(
      fc.property(fc.array(anyChunk, { maxLength: 12 }), fc.integer({ min: 4, max: 80 }), (chunks, most) => {
        file += 1;
        const path = join(home.path, String(file));
        const kept = new KeptOutput(path, most);
        for (const chunk of chunks) kept.take(chunk);
        const all = Buffer.concat(chunks);
        expect(kept.size).toBe(all.length);
        const sum = kept.finish();
        const bytes = readFileSync(path);
        expect(sum).toMatchObject({
          size: all.length,
          hash: sha256(all),
          keptSize: bytes.length,
          keptHash: sha256(bytes),
        });
        expect(bytes.length).toBeLessThanOrEqual(Math.max(most, 0));
        if (sum.cutAfter === null) {
          expect(bytes.equals(all)).toBe(true);
          return;
        }
        const lines = bytes.toString('latin1').split('\n');
        const head = lines.slice(0, sum.cutAfter).map((line) => `${line}\n`);
        const tail = lines.slice(sum.cutAfter).join('\n');
        const text = all.toString('latin1');
        expect(text.startsWith(head.join(''))).toBe(true);
        expect(text.endsWith(tail)).toBe(true);
        if (tail !== '') expect(text.at(-tail.length - 1)).toBe('\n');
      }),
    );
  });

  it('says its last lines while it grows', () => {
    const kept = new KeptOutput(join(home.path, 'out'), 40);
    kept.take(Buffer.from('one\ntwo\n'));
    expect(kept.lastLines(1)).toBe('two');
    for (let line = 0; line < 20; line += 1) kept.take(Buffer.from(`line ${line}\n`));
    expect(kept.lastLines(2)).toBe('line 18\nline 19');
    kept.finish();
  });
});
