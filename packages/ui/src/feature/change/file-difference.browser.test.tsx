import type { LeftInFile } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { show } from '../../testing/show.tsx';
import { FileDifference } from './file-difference.tsx';

const content = (hash: string, text: string) => ({
  hash: hash.repeat(64),
  size: text.length,
  mediaType: 'text/plain',
});
const many = Array.from({ length: 5000 }, (_, place) => `const line${place + 1} = old;`);
const texts = {
  a: 'one\ntwo\nthree\n',
  b: 'one\n2\nthree\n',
  c: many.join('\n'),
  d: many.map((line) => line.replace('old', 'fresh')).join('\n'),
} as const;
const contents = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name.repeat(64), text]));
const open = (before: keyof typeof texts, after: keyof typeof texts, left?: LeftInFile) =>
  show(
    <div className="w-[800px]">
      <FileDifference
        alone
        open
        folder="f"
        onToggle={() => undefined}
        left={left}
        change={{
          path: 'queue.js',
          kind: 'changed',
          before: content(before, texts[before]),
          after: content(after, texts[after]),
        }}
      />
    </div>,
    {
      contents,
      files: {
        'queue.js': { path: 'queue.js', text: texts.a, lines: 3, language: 'javascript', truncated: false },
      },
    },
  );
/** The editor is fetched when it is needed first. */
const LOADING = { timeout: 15_000 };
const difference = () => page.getByRole('region', { name: 'queue.js, before and after' });

describe('a file before and after', () => {
  it('says which lines look alike and stay as they are, and how many more', async () => {
    const lines = [
      { line: 12, quote: '  const Old = 1;', why: 'other-case' },
      { line: 40, quote: 'threshold();', why: 'part-of-word' },
    ] as const;
    await open('a', 'b', { path: 'queue.js', total: 9, lines: [...lines] });
    const left = page.getByRole('region', { name: 'Left as they are: 9 lines' });
    await expect.element(left.getByText('const Old = 1;')).toBeVisible();
    await expect.element(left.getByText('Line 12')).toBeVisible();
    await expect.element(left.getByText('other letter case')).toBeVisible();
    await expect.element(left.getByText('part of a longer word')).toBeVisible();
    await expect.element(left.getByText('and 7 more lines')).toBeVisible();
  });

  it('draws of thousands of lines only those in sight, and the others when they come into it', async () => {
    await open('c', 'd');
    await expect.element(difference()).toBeVisible();
    await expect.element(page.getByText('+5,000')).toBeVisible();
    const section = difference().element();
    expect(section.querySelectorAll('em').length).toBeLessThan(200);
    expect(section.scrollHeight).toBeGreaterThan(10_000 * 20);
    section.scrollTop = section.scrollHeight;
    await expect.poll(() => section.textContent).toContain('const line5000 = fresh;');
    const drawn = [...section.querySelectorAll('em')].at(-1)?.getBoundingClientRect();
    expect(drawn?.bottom).toBeLessThanOrEqual(section.getBoundingClientRect().bottom + 24);
  });

  it('is shown side by side in the editor, with what differs marked', async () => {
    await open('a', 'b');
    await page.getByRole('radio', { name: 'Split' }).click();
    await expect.poll(() => document.querySelectorAll('.monaco-diff-editor').length, LOADING).toBe(1);
    await expect
      .poll(() => document.querySelectorAll('.line-insert, .char-insert').length, LOADING)
      .toBeGreaterThan(0);
    expect(document.querySelectorAll('.line-delete, .char-delete').length).toBeGreaterThan(0);
  });

  it('opens whole in the editor', async () => {
    await open('a', 'b');
    await page.getByRole('button', { name: 'Open queue.js in the editor, before and after' }).click();
    await expect.element(page.getByRole('dialog', { name: 'queue.js' })).toBeVisible();
    await expect.poll(() => document.querySelectorAll('.monaco-diff-editor').length, LOADING).toBe(1);
  });
});
