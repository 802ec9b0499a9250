import { readCanvas } from '@soma/schemas/canvas';
import { fault, type RecordedRunEvent } from '@soma/schemas/event';
import { fold, type RunSummary } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { axeFaults } from '../../testing/axe-faults.ts';
import { followRun, rowOf, talkRun } from '../../testing/recorded-run.ts';
import { LiveNews, type Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { Overlays } from '../palette/index.ts';
import { Shell } from '../shell/index.ts';
import { ChatPanel } from './index.ts';
import { sayingsOf, talkOf } from './thread.ts';

const RUN = 'run-talk';
const KEEPER = '# The keeper\nLight the lantern at dusk.\nIt burns rape oil.\n';
const script: Script = {
  folders: [{ id: 'folder-run-talk', path: '/home/mk/lantern', name: 'lantern' }],
  canvases: [{ id: 'canvas-run-talk', title: 'Board', folder: 'folder-run-talk' }],
  // Newest first, as a host tells them.
  runs: [followRun, talkRun],
};
const called = talkRun.findIndex(
  (event) => event.type === 'tool-call.decided' && event.data.call === 'run-talk.reply.1.execute',
);
const CALL = 'run-talk.reply.1.execute';

const panel = (
  <main style={{ height: 600, width: 360 }}>
    <ChatPanel className="h-full" />
  </main>
);
const open = (more: Partial<Script> = {}) =>
  show(panel, { ...script, ...more }, ({ view }) => view.openConversation(RUN));

const field = () => page.getByRole('textbox', { name: 'What you say' });
const log = () => page.getByRole('log', { name: 'What was said' });
const button = (name: string | RegExp) => page.getByRole('button', { name });
const delta = (text: string) => ({
  ...({ type: 'turn', run: RUN, task: 'reply', call: CALL } as const),
  delta: { type: 'text', text } as const,
});

/** The talk up to the moment in which the model is asked; the rest comes when the test tells it. */
async function untilAsked(more: Partial<Script> = {}) {
  const live = new LiveNews();
  const shown = await open({ runs: [talkRun.slice(0, called + 1)], live, ...more });
  await expect.element(button('Stop the reply')).toBeVisible();
  return { ...shown, live, rest: talkRun.slice(called + 1) };
}

describe('the talk with a run', () => {
  it('has what was said and replied, in the run and in those that go on from it, oldest first', async () => {
    await open();
    await expect.element(page.getByText('And how often?')).toBeVisible();
    const items = log().getByRole('listitem').elements();
    expect(items).toHaveLength(3);
    const [goal, first, second] = items.map(({ textContent }) => textContent);
    expect(goal).toContain('Advise me on moonless nights');
    expect(first).toMatch(
      /When is it lit\?.*At dusk, see keeper\.md:2\.*.*Words of scripted-1; only its quotes are checked.*1 of 1 quote holds/s,
    );
    expect(second).toMatch(/And how often\?.*Every night/s);
    expect(log().getByRole('table').elements()).toHaveLength(1);
  });

  it('opens the place that a reply names', async () => {
    const { client } = await open();
    await button('Open keeper.md:2').click();
    expect(client.view.getState().code).toEqual({ folder: 'folder-run-talk', path: 'keeper.md', line: 2 });
  });

  it('sends what is written with Enter to the last run, and not with Shift and Enter', async () => {
    const { host } = await open();
    await expect.element(field()).toHaveFocus();
    await userEvent.keyboard('One{Shift>}{Enter}{/Shift}two');
    expect(host.received).toEqual([]);
    await userEvent.keyboard('{Enter}');
    await expect.element(field()).toHaveValue('');
    expect(host.received.map(({ command, input }) => [command, input['run'], input['text']])).toEqual([
      ['run.say', 'run-follow', 'One\ntwo'],
    ]);
  });

  it('keeps what was refused, and says why', async () => {
    await open({ refused: { 'run.say': fault('MODEL_NONE_FITS', { kind: 'reply' }) } });
    await field().fill('Hello');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('MODEL_NONE_FITS')).toBeVisible();
    await expect.element(field()).toHaveValue('Hello');
  });

  it('shows a reply as it comes, as Markdown, and then the whole of it', async () => {
    const { live, rest } = await untilAsked();
    await expect.element(page.getByText('The model has not said anything yet.')).toBeVisible();
    live.tell([], [delta('{"reply":"At **dusk**, see kee')]);
    await expect.element(log().getByText('dusk')).toBeVisible();
    expect(log().element().querySelector('strong')?.textContent).toBe('dusk');
    live.tell([], [delta('per.md:2.\\n\\n- [x] lit')]);
    await expect.element(button('Open keeper.md:2')).toBeVisible();
    live.tell(rest);
    await expect.element(page.getByText('1 of 1 quote holds')).toBeVisible();
    expect(button('Stop the reply').elements()).toEqual([]);
  });

  it('stops a reply under way, by leaving its task out', async () => {
    const { host } = await untilAsked();
    await button('Stop the reply').click();
    await expect
      .poll(() => host.received.map(({ command, input }) => [command, input['run'], input['task']]))
      .toEqual([['run.skipTask', RUN, 'reply']]);
  });

  it('stays at the end while a reply comes, and where a person scrolled to otherwise', async () => {
    const { live } = await untilAsked();
    live.tell([], [delta('{"reply":"')]);
    const box = log().element();
    const grow = async (from: number) => {
      const lines = Array.from({ length: 40 }, (_, line) => `Line ${from + line}\\n\\n`).join('');
      live.tell([], [delta(lines)]);
      await expect.element(page.getByText(`Line ${from + 39}`)).toBeInTheDocument();
    };
    await grow(0);
    await expect.poll(() => box.scrollHeight - box.scrollTop - box.clientHeight).toBeLessThan(2);
    box.scrollTop = 100;
    await expect.poll(() => box.scrollTop).toBe(100);
    await grow(100);
    expect(box.scrollTop).toBe(100);
    expect(box.scrollHeight).toBeGreaterThan(2000);
  });

  it('pins a reply to the board as a note, once', async () => {
    const { client } = await open();
    const board = client.link.canvases.open('canvas-run-talk');
    await button('Pin to board').first().click();
    const notes = () => readCanvas(board.doc).nodes.filter(({ kind }) => kind === 'note');
    const pinned =
      /^At \*\*dusk\*\*, see keeper\.md:2\..*\*Words of scripted-1; only its quotes are checked\.\*$/s;
    expect(notes()).toMatchObject([{ text: expect.stringMatching(pinned) }]);
    await expect.element(button('Pinned')).toBeDisabled();
    board.close();
  });

  it('says something otherwise in a branch from before it', async () => {
    const { host, client } = await open();
    await button('Edit and send again').first().click();
    const again = page.getByRole('textbox', { name: 'Edit and send again' });
    await expect.element(again).toHaveValue('When is it lit?');
    await again.fill('When is it put out?');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => host.received.length).toBe(2);
    const [fork, say] = host.received;
    const sent = talkRun.find(({ type }) => type === 'message.sent');
    expect(fork).toMatchObject({
      command: 'run.fork',
      input: { run: RUN, sequence: (sent?.sequence ?? 0) - 1, paused: false },
    });
    expect(say).toMatchObject({
      command: 'run.say',
      input: { run: fork?.input['id'], text: 'When is it put out?' },
    });
    await expect.poll(() => client.view.getState().conversation).toBe(fork?.input['id']);
  });

  it('says something otherwise to the run that had ended', async () => {
    const { host } = await open();
    await button('Edit and send again').last().click();
    await page.getByRole('textbox', { name: 'Edit and send again' }).fill('How seldom?');
    await userEvent.keyboard('{Enter}');
    await expect
      .poll(() => host.received.map(({ command, input }) => [command, input['run'], input['text']]))
      .toEqual([['run.say', RUN, 'How seldom?']]);
  });

  it('is put away with Escape, which pauses nothing', async () => {
    const { client, host } = await open();
    await expect.element(field()).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    expect(client.view.getState().conversation).toBeNull();
    expect(host.received).toEqual([]);
  });

  it.each(['light', 'dark', 'contrast'] as const)('has nothing that axe finds wrong, %s', async (theme) => {
    document.documentElement.setAttribute('data-theme', theme);
    await open();
    await expect.element(page.getByText('1 of 1 quote holds')).toBeVisible();
    expect(await axeFaults(theme)).toEqual([]);
    document.documentElement.setAttribute('data-theme', 'light');
  });
});

const window = (
  <>
    <Shell />
    <Overlays />
  </>
);

describe('the talk beside the board', () => {
  it('is opened and closed from the inspector and by its key, and a citation opens the file beside it', async () => {
    const text = { path: 'keeper.md', text: KEEPER, lines: 3, language: 'markdown', truncated: false };
    const { client } = await show(window, { ...script, files: { 'keeper.md': text } }, ({ view }) => {
      view.openCanvas('canvas-run-talk');
      view.select({ kind: 'run', run: RUN }, { reveal: true });
    });
    await button('Talk about the run').click();
    await expect.element(field()).toHaveFocus();
    expect(client.view.getState().panels.inspector).toBe(false);
    await button('Open keeper.md:2').click();
    await expect.element(page.getByRole('region', { name: /keeper\.md/ }).first()).toBeVisible();
    await button('Close the talk').click();
    await expect.element(log()).not.toBeInTheDocument();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    await userEvent.keyboard('{Control>}{Alt>}c{/Alt}{/Control}');
    await expect.element(log()).toBeVisible();
  });
});

/** Rows of runs, each of which follows the one named. */
function rows(follows: Readonly<Record<string, string | undefined>>): readonly RunSummary[] {
  const row = rowOf(followRun);
  return Object.entries(follows).map(([run, before]) => {
    const { follows: _, ...rest } = row;
    return { ...rest, run, ...(before !== undefined && { follows: before }) };
  });
}

describe('the runs of a talk', () => {
  it('are those before a run and the newest behind each', () => {
    const known = rows({ d: 'c', c2: 'b', c: 'b', b: 'a', a: undefined, other: undefined });
    expect(talkOf(known, 'a')).toEqual(['a', 'b', 'c2']);
    expect(talkOf(known, 'c')).toEqual(['a', 'b', 'c', 'd']);
    expect(talkOf(known, 'other')).toEqual(['other']);
    expect(talkOf(known, 'unknown')).toEqual(['unknown']);
  });

  it('come to an end where they go round', () => {
    expect(talkOf(rows({ a: 'b', b: 'a' }), 'a')).toEqual(['b', 'a']);
  });

  it('say their goal and what was said within, each with its reply', () => {
    const states = [talkRun, followRun].flatMap((events: readonly RecordedRunEvent[]) => fold(events) ?? []);
    expect(sayingsOf(states).map(({ words, reply, again }) => [words.inline, reply?.id, again?.by])).toEqual([
      ['Advise me on moonless nights and the oil of the lantern', undefined, undefined],
      ['When is it lit?', 'reply', 'fork'],
      ['And how often?', 'reply', 'say'],
    ]);
  });
});
