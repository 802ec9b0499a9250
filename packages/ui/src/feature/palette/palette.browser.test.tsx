import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { fastqRun } from '../../testing/recorded-run.ts';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { GoalBox } from '../goal/goal-box.tsx';
import { provideBoard } from './board-actions.ts';
import { COMMANDS } from './commands.ts';
import { capsOf } from './keys.ts';
import { Overlays } from './overlays.tsx';

const explain = {
  name: 'explain-folder',
  title: 'Explain this folder',
  description: 'What it is.',
  score: 0.8,
  near: true,
  fits: true,
  by: 'words' as const,
  filled: {},
  needsModel: false,
  own: false,
  slots: [],
};
const script: Script = {
  folders: [{ id: 'folder-fastq', path: '/home/mk/fastq', name: 'fastq' }],
  canvases: [{ id: 'canvas-fastq', title: 'Reading fastq', folder: 'folder-fastq' }],
  runs: [fastqRun],
  plans: [explain],
};

const openPalette = async (query: string, given: Script = script) => {
  const shown = await show(<Overlays />, given, ({ view }) => view.openCanvas('canvas-fastq'));
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.element(page.getByRole('combobox')).toHaveFocus();
  if (query !== '') await userEvent.keyboard(query);
  return shown;
};
const options = () => page.getByRole('option').elements();
const chosen = () => page.getByRole('option', { selected: true }).element().textContent;

describe('the palette', () => {
  it('has the best match first and selected', async () => {
    await openPalette('dark');
    await expect.poll(chosen).toContain('Dark theme');
    expect(options()[0]?.getAttribute('aria-selected')).toBe('true');
    await openedBy('reading');
    await expect.poll(chosen).toContain('Reading fastq');
  });

  it('begins with where one can go, before anything is typed', async () => {
    await openPalette('');
    await expect.poll(() => options()[0]?.textContent).toMatch(/^Go to the goal box/);
  });

  it('offers to start what was typed as a goal last of all, with Control Enter', async () => {
    const { host } = await openPalette('explain');
    await expect.poll(() => options().at(-1)?.textContent).toContain('Start “explain” as a goal');
    await expect.poll(() => options().at(-1)?.textContent).toContain('plan explain-folder');
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await expect.poll(() => host.received.map(({ command }) => command)).toEqual(['goal.submit']);
    expect(host.received[0]?.input).toMatchObject({
      text: 'explain',
      plan: 'explain-folder',
      canvas: 'canvas-fastq',
    });
  });

  it('starts work by Control Enter and does not also do what is selected', async () => {
    const { host, client } = await openPalette('dark');
    await expect.poll(chosen).toContain('Dark theme');
    await userEvent.keyboard('{Control>}{Enter}{/Control}');
    await expect.poll(() => host.received.length).toBe(1);
    expect(client.view.getState().theme).toBe('system');
  });

  it('starts work by Enter when a person walked there', async () => {
    const { host } = await openPalette('zzzz');
    await expect.poll(() => options().length).toBe(1);
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await expect.poll(() => host.received.map(({ command }) => command)).toEqual(['goal.submit']);
  });

  it('never starts work by Enter alone when nothing else was found', async () => {
    const { host, client } = await openPalette('zzzz');
    await expect.poll(() => options().length).toBe(1);
    await userEvent.keyboard('{Enter}');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(host.received).toEqual([]);
    expect(client.view.getState().overlay).toBe('palette');
  });

  it('shows what cannot be done now in grey with the reason, and skips it', async () => {
    await openPalette('resume');
    const resume = page.getByRole('option', { name: /Resume the run/ });
    await expect.poll(() => resume.element().textContent).toMatch(/no run is paused/);
    await expect.element(resume).toHaveAttribute('aria-disabled', 'true');
    await expect.element(resume).toHaveAttribute('aria-selected', 'false');
  });

  it('finds runs by their goal and shows them', async () => {
    const { client } = await openPalette('explain this');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => client.view.getState().selection).toEqual({ kind: 'run', run: 'run-fastq' });
  });
});

async function openedBy(query: string) {
  await userEvent.clear(page.getByRole('combobox'));
  await userEvent.keyboard(query);
}

describe('the keys of the command table', () => {
  it('reach the open board, and not while something is typed', async () => {
    const done: string[] = [];
    const stop = provideBoard({
      reason: () => null,
      perform: (action) => void done.push(action),
      reveal: vi.fn(),
    });
    await show(
      <>
        <input aria-label="text" />
        <Overlays />
      </>,
      script,
    );
    await userEvent.keyboard('n');
    await userEvent.keyboard('{Shift>}1{/Shift}');
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
    await page.getByLabelText('text').click();
    await userEvent.keyboard('n');
    expect(done).toEqual(['note-tool', 'fit-board', 'redo']);
    stop();
  });

  it('pause a run by Escape from an empty goal field, and leave one with words in it alone', async () => {
    const { host } = await show(
      <>
        <GoalBox />
        <Overlays />
      </>,
      { ...script, runs: [fastqRun.slice(0, 40)] },
      ({ view }) => {
        view.openCanvas('canvas-fastq');
        view.showRun('run-fastq');
      },
    );
    const field = page.getByRole('textbox', { name: 'Goal' });
    await field.fill('half a goal');
    await userEvent.keyboard('{Escape}');
    await field.fill('');
    expect(host.received).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => host.received.map(({ command }) => command)).toEqual(['run.pause']);
  });

  it('step through the past of a run that is looked back at, wherever the focus is, and do nothing otherwise', async () => {
    const { client } = await show(<Overlays />, script);
    await userEvent.keyboard(',');
    expect(client.travel.getState().run).toBeNull();
    client.travel.enter('run-fastq');
    await expect.poll(() => client.travel.getState().at).toBe(fastqRun.length);
    await userEvent.keyboard(',,.');
    expect(client.travel.getState().at).toBe(fastqRun.length - 1);
  });

  it('are each given to one command only, within the same focus', () => {
    const keys = COMMANDS.flatMap(({ keys: chords, inside }) => chords.map((chord) => `${inside} ${chord}`));
    expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
  });
});

describe('the cheat sheet', () => {
  it('equals the command table, key by key', async () => {
    const { client } = await show(<Overlays />, script, ({ view }) => view.setOverlay('shortcuts'));
    await expect.element(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    const lines = [...document.querySelectorAll<HTMLElement>('[data-command]')].map((line) => [
      line.dataset.command,
      line.querySelector('dt')?.textContent,
      [...line.querySelectorAll('kbd')].map((cap) => cap.textContent),
    ]);
    const table = COMMANDS.flatMap(({ id, title, keys: [chord] }) =>
      chord === undefined ? [] : [[id, client.translator.t(title), capsOf(chord, false)]],
    );
    const byId = (a: readonly unknown[], b: readonly unknown[]) => String(a[0]).localeCompare(String(b[0]));
    expect(lines.toSorted(byId)).toEqual(table.toSorted(byId));
    expect(table.every(([, title]) => !String(title).startsWith('app.'))).toBe(true);
  });

  it('opens with a question mark and finds a key by what it does', async () => {
    await show(<Overlays />, script);
    await userEvent.keyboard('?');
    await page.getByLabelText('Find a key').fill('fit');
    await expect.poll(() => [...document.querySelectorAll('[data-command]')].length).toBe(2);
  });
});
