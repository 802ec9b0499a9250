import axe from 'axe-core';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { ComponentPage } from './component-page.tsx';
import { Button, DesignRoot, followTheme, Palette, PaletteGroup, PaletteItem, type Theme } from './index.ts';
import './style.css';

declare module 'vitest/browser' {
  interface CDPSession {
    /** What the machine asks of a page: the only command of the DevTools protocol that tests here send. */
    send(
      method: 'Emulation.setEmulatedMedia',
      params: { readonly features: readonly { readonly name: string; readonly value: string }[] },
    ): Promise<unknown>;
  }
}

const THEMES: readonly Theme[] = ['light', 'dark', 'contrast'];

afterEach(async () => {
  await cdp().send('Emulation.setEmulatedMedia', { features: [] });
  document.documentElement.dir = 'ltr';
});

async function show(theme: Theme, dir: 'ltr' | 'rtl' = 'ltr') {
  const stop = followTheme(theme, window);
  document.documentElement.dir = dir;
  await render(
    <DesignRoot dir={dir}>
      <ComponentPage />
    </DesignRoot>,
  );
  stop();
}

/** What a person can press, with the size of its hit area in pixels. */
function targets(): readonly { readonly name: string; readonly width: number; readonly height: number }[] {
  const pressable = 'button, input, [role="radio"], [role="switch"], [role="checkbox"]';
  return [...document.querySelectorAll<HTMLElement>(pressable)]
    .filter((element) => element.getBoundingClientRect().width > 1)
    .map((element) => {
      const box = element.getBoundingClientRect();
      const hit = getComputedStyle(element, '::before');
      const grown = (side: string) => (hit.content === 'none' ? 0 : -Number.parseFloat(side) || 0);
      return {
        name: element.getAttribute('aria-label') ?? element.textContent ?? '',
        width: box.width + grown(hit.left) + grown(hit.right),
        height: box.height + grown(hit.top) + grown(hit.bottom),
      };
    });
}

/** The names of the style sheet's animations that run now. */
function animations(): readonly string[] {
  return document
    .getAnimations()
    .flatMap((each) =>
      each instanceof CSSAnimation && each.playState === 'running' ? [each.animationName] : [],
    );
}

describe.each(THEMES)('the component page in the %s theme', (theme) => {
  it('has no fault that axe finds', async () => {
    await show(theme);
    await document.fonts.ready;
    const found = await axe.run(document.body, { rules: { region: { enabled: false } } });
    expect(found.violations.map((fault) => [fault.id, fault.nodes.map((node) => node.html)])).toEqual([]);
  });
});

describe('the design layer', () => {
  it('says in words where a task stands', async () => {
    await show('light');
    await expect
      .element(page.getByRole('img', { name: 'Execute, state 4 of 8', exact: true }).first())
      .toBeVisible();
  });

  it('draws a ring of two pixels, two pixels away, around what has keyboard focus, filled or plain', async () => {
    await show('light');
    for (const name of ['Approve', 'Reject']) {
      await userEvent.tab();
      const button = page.getByRole('button', { name, exact: true }).element();
      expect(document.activeElement).toBe(button);
      const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(button);
      expect([outlineStyle, outlineWidth, outlineOffset]).toEqual(['solid', '2px', '2px']);
      await expect.poll(() => getComputedStyle(button).outlineColor).toBe('rgb(30, 89, 205)');
    }
  });

  it('gives everything that can be pressed at least 24 by 24 pixels', async () => {
    await show('light');
    const all = targets();
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter(({ width, height }) => width < 24 || height < 24)).toEqual([]);
  });

  it('keeps code, paths and citations left to right in a language written from right to left', async () => {
    await show('light', 'rtl');
    const citation = page.getByRole('button', { name: 'Open queue.js:121' }).element();
    expect(getComputedStyle(citation).direction).toBe('ltr');
    expect(getComputedStyle(document.body).direction).toBe('rtl');
  });

  it('shows the characters of the file: no ligatures in code', async () => {
    await show('light');
    for (const code of document.querySelectorAll('code, kbd, .mono')) {
      expect(getComputedStyle(code).fontVariantLigatures).toBe('none');
    }
  });

  it('stands still where motion is to be reduced', async () => {
    await cdp().send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-reduced-motion', value: 'reduce' }],
    });
    await show('light');
    const moving = animations().filter((name) => ['turn', 'edge-move', 'arrive', 'fill'].includes(name));
    expect(moving).toEqual([]);
  });

  it('turns and moves what runs where motion is welcome', async () => {
    await show('light');
    expect(animations()).toEqual(expect.arrayContaining(['turn', 'edge-move']));
  });

  it('follows the machine: contrast before dark, dark before light', async () => {
    const root = document.documentElement;
    const stop = followTheme('system', window);
    expect(root.dataset.theme).toBe('light');
    await cdp().send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: 'dark' }],
    });
    await expect.poll(() => root.dataset.theme).toBe('dark');
    await cdp().send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: 'dark' },
        { name: 'prefers-contrast', value: 'more' },
      ],
    });
    await expect.poll(() => root.dataset.theme).toBe('contrast');
    stop();
  });

  it('keeps a blocked button reachable, says why, and does nothing', async () => {
    let pressed = 0;
    await render(
      <DesignRoot dir="ltr">
        <Button reason="Nothing is selected" onClick={() => (pressed += 1)}>
          Rename
        </Button>
      </DesignRoot>,
    );
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    expect(pressed).toBe(0);
    await expect.element(page.getByRole('tooltip')).toHaveTextContent('Nothing is selected');
  });
});

function SamplePalette({ onSelect }: { readonly onSelect: (id: string) => void }) {
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(true);
  const item = (id: string, blocked = false) => (
    <PaletteItem id={id} title={id} blocked={blocked} onSelect={() => onSelect(id)} />
  );
  return (
    <Palette
      open={open}
      onOpenChange={setOpen}
      label="Palette"
      query={query}
      onQueryChange={setQuery}
      placeholder="Search"
      empty="Nothing matches."
    >
      <PaletteGroup title="Commands" count={3}>
        {item('first')}
        {item('blocked', true)}
        {item('third')}
      </PaletteGroup>
    </Palette>
  );
}

describe('the palette', () => {
  it('begins in its field, skips what cannot be done, and acts on Enter', async () => {
    const chosen: string[] = [];
    await render(
      <DesignRoot dir="ltr">
        <SamplePalette onSelect={(id) => chosen.push(id)} />
      </DesignRoot>,
    );
    const field = page.getByRole('combobox');
    await expect.element(field).toHaveFocus();
    await userEvent.keyboard('{Enter}{ArrowDown}{Enter}');
    expect(chosen).toEqual(['first', 'third']);
    expect(page.getByRole('dialog').element().getBoundingClientRect().width).toBe(620);
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  });
});
