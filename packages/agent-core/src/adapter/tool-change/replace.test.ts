import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { ContentFiles } from '../content-files/index.ts';
import { hashOf } from '../tool-folder/index.ts';
import { createChangeTools } from './index.ts';
import { leftBeside, replaceAll } from './replace.ts';

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = sampleFolder();
  data = temporaryFolder();
});
afterEach(() => {
  folder.remove();
  data.remove();
});

const replaceText = () => {
  const content = new ContentFiles({ folder: join(data.path, 'content') });
  const tool = createChangeTools(content).find((one) => one.describe().name === 'replace_text');
  return tool ?? expect.fail('no tool');
};
const fileOf = (path: string) => ({ path, before: hashOf(readFileSync(folder.at(path), 'utf8')) });

async function previewOf(input: Parameters<ReturnType<typeof replaceText>['call']>[0]) {
  const made = await replaceText().preview?.(input, aToolContext(folder.path));
  if (made?.ok !== true || made.preview.kind !== 'files') return expect.fail(JSON.stringify(made));
  return made.preview;
}

describe('a text and its replacement', () => {
  it('replaces as splitting and joining does, for any texts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'aa', '\n', 'é'), { maxLength: 30 }),
        fc.constantFrom('a', 'aa', 'ab', 'b\n'),
        fc.constantFrom('', 'a', 'x', '$&'),
        (letters, from, to) => {
          const before = letters.join('');
          expect(replaceAll(before, { from, wholeWord: false }, to)).toBe(before.split(from).join(to));
        },
      ),
    );
  });

  it('finds a line that stays where it stands afterwards, for any texts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('ab', 'Ab', 'a', 'x', ' ', '\n', '\r\n', '.', 'İ'), { maxLength: 40 }),
        fc.record({ from: fc.constantFrom('ab', 'a', 'a.', 'x'), wholeWord: fc.boolean() }),
        fc.constantFrom('', 'y', 'one\ntwo', 'ab'),
        (letters, wanted, to) => {
          const { from, wholeWord } = wanted;
          const before = letters.join('');
          const after = replaceAll(before, wanted, to).split('\n');
          for (const { line, lineAfter, why } of leftBeside(before, wanted, to)) {
            expect(after[lineAfter - 1]?.toLowerCase()).toContain(from);
            expect(before.split('\n')[line - 1]?.toLowerCase()).toContain(from);
            expect(why === 'part-of-word' && !wholeWord).toBe(false);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('what a replacement leaves', () => {
  it('says before and after which lines look alike and stay, with why and their numbers then', async () => {
    folder.write({ 'a.txt': 'cat\r\nCat and cat\r\nconcat Concat\r\nCATS\r\ndog\r\n', 'b.txt': 'cat\n' });
    const files = ['a.txt', 'b.txt'].map(fileOf);
    const input = { from: 'cat', to: 'lion\nkin', wholeWord: true, files };
    const preview = await previewOf(input);
    expect(preview.left).toEqual([
      {
        path: 'a.txt',
        total: 3,
        lines: [
          { line: 2, quote: 'Cat and cat', why: 'other-case' },
          { line: 3, quote: 'concat Concat', why: 'part-of-word' },
          { line: 4, quote: 'CATS', why: 'part-of-word' },
        ],
      },
    ]);
    expect(await outputOf(replaceText(), input, aToolContext(folder.path, { preview }))).toMatchObject({
      files: [
        {
          kept: [
            { line: 3, quote: 'Cat and lion', why: 'other-case' },
            { line: 5, quote: 'concat Concat', why: 'part-of-word' },
            { line: 6, quote: 'CATS', why: 'part-of-word' },
          ],
        },
        { kept: [] },
      ],
    });
    folder.write({ 'c.txt': 'cat\n' });
    expect(await previewOf({ from: 'cat', to: 'dog', files: [fileOf('c.txt')] })).not.toHaveProperty('left');
  });

  it('quotes of many lines that stay only the first, and counts them all', async () => {
    folder.write({ 'a.txt': `cat\n${'Cat\n'.repeat(3000)}` });
    const preview = await previewOf({ from: 'cat', to: 'dog', files: [fileOf('a.txt')] });
    const [left] = preview.left ?? [];
    expect([left?.total, left?.lines.length]).toEqual([3000, 20]);
  });
});
