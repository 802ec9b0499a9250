import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { axeFaults } from '../../testing/axe-faults.ts';
import { DesignRoot, Markdown, type MarkdownWays } from '../index.ts';
import answer from './sample-answer.md?raw';
import '../style.css';

function waysOf(asked: (string | number)[][]): MarkdownWays {
  return {
    words: {
      copy: 'Copy the code',
      copied: 'Copied',
      code: (language) => `Code, ${language ?? 'plain'}`,
      table: 'Table',
      done: 'Done',
      open: 'Not done',
      openPlace: (words) => `Open ${words}`,
    },
    openOutside: (address) => asked.push(['outside', address]),
    openPlace: (path, line) => asked.push(['place', path, line]),
  };
}

/** A text on a page, which `stream` replaces at once. */
async function showText(first: string, width = 'w-96') {
  const asked: (string | number)[][] = [];
  const ways = waysOf(asked);
  const shown = (text: string) => (
    <DesignRoot dir="ltr">
      <main>
        <Markdown text={text} ways={ways} className={`answer ${width} bg-card p-4`} />
      </main>
    </DesignRoot>
  );
  const { rerender } = await render(shown(first));
  const place = document.querySelector('.answer');
  if (place === null) throw new Error('the text is not on the page');
  return { asked, place, stream: (text: string) => rerender(shown(text)) };
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

describe('a text in Markdown', () => {
  it('is on the page, letter by letter, what it is when it is shown whole', async () => {
    const { place, stream } = await showText('');
    for (let end = 0; end <= answer.length; end += 1) await stream(answer.slice(0, end));
    const letters = place.innerHTML;
    await stream('');
    await stream(answer);
    expect(letters).toBe(place.innerHTML);
    expect(place.querySelectorAll('h3, h4, h5, ol, ul, blockquote, figure, table, hr')).toHaveLength(11);
  });

  it('is the same however it is cut', async () => {
    const { place, stream } = await showText('');
    const cuts = fc.array(fc.nat({ max: answer.length }), { maxLength: 8 });
    await stream(answer);
    const whole = place.innerHTML;
    await fc.assert(
      fc.asyncProperty(cuts, async (ends) => {
        await stream('');
        for (const end of ends.sort((one, other) => one - other)) await stream(answer.slice(0, end));
        await stream(answer);
        expect(place.innerHTML).toBe(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps what is closed as it stands: the same elements, and what a person selected in them', async () => {
    const { place, stream } = await showText(answer.slice(0, 900));
    const [head, first] = [place.querySelector('h3'), place.querySelector('p')];
    if (first === null) throw new Error('there is no paragraph');
    getSelection()?.selectAllChildren(first);
    const selected = getSelection()?.toString();
    await stream(answer);
    expect(place.querySelector('h3')).toBe(head);
    expect(place.querySelector('p')).toBe(first);
    expect(getSelection()?.toString()).toBe(selected);
  });

  it('opens the places it names, in words, in code and by a link', async () => {
    const { asked } = await showText(answer);
    await button('Open queue.js:36').click();
    await button('Open lib/release.ts:12-20').click();
    await button('place').click();
    expect(asked).toEqual([
      ['place', 'queue.js', 36],
      ['place', 'lib/release.ts', 12],
      ['place', 'queue.js', 121],
    ]);
  });

  it('opens links outside, by the way that is given, and says where they lead', async () => {
    const { asked } = await showText(answer);
    const link = page.getByRole('link', { name: 'the readme' });
    await expect.element(link).toHaveAttribute('title', 'https://example.com/guide');
    await link.click();
    await page.getByRole('link', { name: 'https://example.com/fastq' }).click();
    await page.getByRole('link', { name: 'a picture' }).click();
    expect(asked.map(([, address]) => address)).toEqual([
      'https://example.com/guide',
      'https://example.com/fastq',
      'https://example.com/p.png',
    ]);
  });

  it('is nobody’s markup, leads nowhere but outside, and fetches nothing', async () => {
    const bad = [
      '<img src=x onerror="document.title=1"> <script>document.title=2</script>\n\n<iframe src="https://x.y"></iframe>',
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](file:///etc/passwd) [d](//x.y) [e](mailto:a@b.c) <vbscript:x>',
      '![x](https://x.y/z.png) ![y](data:image/png;base64,AAAA)',
      '[f]: javascript:alert(1)\n\n[f]',
      '`/etc/passwd:1` `../../up.ts:3` www.x.y ftp://x.y',
    ].join('\n\n');
    const { place } = await showText(bad);
    expect(place.querySelectorAll('img, script, iframe, style, object, [src], [onerror]')).toHaveLength(0);
    const links = [...place.querySelectorAll('a')].map(({ href }) => href);
    expect(links).toEqual(['https://x.y/', 'https://x.y/z.png']);
    for (const shown of ['<img src=x onerror=', '[a](javascript:alert(1))', '[d](//x.y)', '<vbscript:x>'])
      expect(place.textContent).toContain(shown);
  });

  it('copies the code of a block as it is', async () => {
    await showText('```js\nlet a = "<b>";\n\n```\n');
    await expect.element(page.getByRole('group', { name: 'Code, js' })).toHaveTextContent('let a = "<b>";');
    const taken: string[] = [];
    const write = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = async (text) => void taken.push(text);
    try {
      await button('Copy the code').click();
      await expect.element(button('Copied')).toBeVisible();
    } finally {
      navigator.clipboard.writeText = write;
    }
    expect(taken).toEqual(['let a = "<b>";\n\n']);
  });

  it('lets tables and code scroll in themselves, by keys too, and never the page', async () => {
    const { place } = await showText(answer);
    expect(place.scrollWidth).toBe(place.clientWidth);
    for (const name of ['Table', 'Code, ts']) {
      const group = page.getByRole('group', { name }).element();
      expect(group.scrollWidth).toBeGreaterThan(group.clientWidth);
      group.scrollLeft = 0;
      if (group instanceof HTMLElement) group.focus();
      await userEvent.keyboard('{ArrowRight}');
      await expect.poll(() => group.scrollLeft).toBeGreaterThan(0);
    }
  });

  it('shows what is to do, and what is done', async () => {
    await showText(answer);
    const items = page
      .getByRole('listitem')
      .elements()
      .map(({ textContent }) => textContent);
    expect(items).toContain('Read queue.js');
    await expect.element(page.getByRole('img', { name: 'Not done', exact: true })).toBeVisible();
    await expect.element(page.getByRole('img', { name: 'Done', exact: true })).toBeVisible();
  });

  it.each(['light', 'dark', 'contrast'] as const)('has nothing that axe finds wrong, %s', async (theme) => {
    document.documentElement.setAttribute('data-theme', theme);
    await showText(answer, 'w-[560px]');
    expect(await axeFaults(theme)).toEqual([]);
    document.documentElement.setAttribute('data-theme', 'light');
  });
});
