import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { show } from '../../testing/show.tsx';
import { CodePanel } from './code-panel.tsx';

const text = Array.from({ length: 300 }, (_, place) => `const line${place + 1} = ${place + 1};`).join('\n');
const script = {
  files: {
    'queue.js': { path: 'queue.js', text, lines: 300, language: 'javascript', truncated: false },
    'old.txt': {
      ...{ path: 'old.txt', text: 'é', lines: 1, language: 'plaintext', truncated: false },
      encoding: 'windows-1252' as const,
    },
  },
};
const open = (path: string, line: number | null) =>
  show(
    <div className="flex h-[600px] w-[700px]">
      <CodePanel className="flex-1" />
    </div>,
    script,
    ({ view }) => view.openCode({ folder: 'f', path, line }),
  );
/** The editor is fetched when it is needed first. */
const LOADING = { timeout: 15_000 };
const tinted = () => document.querySelector<HTMLElement>('.monaco-editor .view-overlays .bg-accent-bg');

describe('the code panel', () => {
  it('opens a file at the cited line, tinted and in view', async () => {
    await open('queue.js', 200);
    await expect
      .poll(() => page.getByRole('region', { name: 'File queue.js' }).element().textContent)
      .toMatch(/300 lines, read only/);
    await expect.poll(() => tinted(), LOADING).not.toBeNull();
    expect(page.getByText(/read as/i).elements()).toEqual([]);
    const line = [...document.querySelectorAll<HTMLElement>('.view-line')].find((each) =>
      each.textContent?.includes('line200'),
    );
    const [tint, at] = [tinted()?.getBoundingClientRect(), line?.getBoundingClientRect()];
    expect(at?.top).toBeGreaterThan(44);
    expect(at?.top).toBe(tint?.top);
  });

  it('is read only and in the colours of the theme', async () => {
    const { client } = await open('queue.js', 1);
    await expect.poll(() => document.querySelector('.monaco-editor'), LOADING).not.toBeNull();
    document.documentElement.dataset.theme = 'dark';
    const ground = () =>
      getComputedStyle(document.querySelector('.monaco-editor-background') ?? document.body).backgroundColor;
    await expect.poll(ground).toBe('rgb(29, 32, 36)');
    document.documentElement.dataset.theme = 'light';
    await expect.poll(ground).toBe('rgb(255, 255, 255)');
    page
      .getByRole('textbox', { name: /read only$/ })
      .element()
      .focus();
    await userEvent.keyboard('x');
    expect(document.querySelector('.view-lines')?.textContent).not.toContain('xconst');
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => client.view.getState().code).toBeNull();
  });

  it('says what a file was read as that is no UTF-8', async () => {
    await open('old.txt', null);
    await expect.element(page.getByText(/not UTF-8. It is read as Windows-1252/)).toBeVisible();
  });

  it('says in place why a file cannot be shown', async () => {
    await open('gone.js', 3);
    await expect.element(page.getByRole('heading', { name: 'gone.js is no longer there' })).toBeVisible();
    await expect.element(page.getByText('FILE_GONE')).toBeVisible();
    expect(document.querySelector('.monaco-editor')).toBeNull();
  });
});
