import type { RecordedRunEvent } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import {
  fastqContents,
  fastqRun,
  heldRun,
  recordedEvent,
  renameContents,
  renameRun,
} from '../../testing/recorded-run.ts';
import { LiveNews } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { StreamDrawer } from './index.ts';

const RUN = 'run-fastq';
const decided = fastqRun.flatMap((event, place) => (event.type === 'tool-call.decided' ? [place] : []));
const rows = () => [...document.querySelectorAll('[data-stream-rows] > [role="button"]')];

/** The stream of the run up to its third call; the rest comes when the test tells it. */
async function open() {
  const third = (decided[2] ?? 0) + 1;
  const live = new LiveNews();
  const script = { runs: [fastqRun.slice(0, third)], contents: fastqContents, live };
  const drawer = (
    <div style={{ height: 300 }}>
      <StreamDrawer tall={false} onTall={() => undefined} />
    </div>
  );
  await show(drawer, script, ({ view }) => view.showRun(RUN));
  // Rows that come to lie under the pointer of an earlier test would be held.
  await userEvent.hover(document.body, { position: { x: 8, y: 700 } });
  await expect.poll(() => rows().length).toBe(3);
  return { live, rest: fastqRun.slice(third) };
}

describe('the stream of tool calls', () => {
  it('puts the newest call first', async () => {
    const { live, rest } = await open();
    const before = rows()[0];
    live.tell(rest.slice(0, rest.findIndex(({ type }) => type === 'tool-call.decided') + 1));
    await expect.poll(() => rows().length).toBe(4);
    expect(rows()[1]).toBe(before);
  });

  it('holds still while it is hovered, says how many are newer, and goes on', async () => {
    const { live, rest } = await open();
    const before = rows();
    await userEvent.hover(rows()[0] ?? document.body);
    live.tell(rest);
    const newer = decided.length - 3;
    await expect.element(page.getByRole('button', { name: `${newer} newer` })).toBeVisible();
    expect(rows()).toEqual(before);
    await page.getByRole('button', { name: `${newer} newer` }).click();
    await expect.poll(() => rows().length).toBe(decided.length);
  });

  it('writes progress to the page without drawing a row anew', async () => {
    const { live } = await open();
    const running = fastqRun[decided[2] ?? 0];
    if (running?.type !== 'tool-call.decided') throw new Error('the recorded run has too few calls');
    const { call, task } = running.data;
    const note = { code: 'files-parsed', data: { count: 7 } };
    const [row] = rows();
    live.tell([], [{ type: 'tool-progress', run: RUN, task, call, progress: { note, done: 7, total: 9 } }]);
    await expect.poll(() => row?.textContent).toContain('7');
    expect(rows()[0]).toBe(row);
  });

  it('says which call a person approved, and which a rule allowed', async () => {
    await show(
      <div style={{ height: 400 }}>
        <StreamDrawer tall={false} onTall={() => undefined} />
      </div>,
      { runs: [renameRun], contents: renameContents },
      ({ view }) => view.showRun('run-rename'),
    );
    await expect.poll(() => rows().length).toBeGreaterThan(2);
    const chips = rows().map((row) => /allowed|approved/.exec(row.textContent ?? '')?.[0]);
    const asked = renameRun.filter(({ type }) => type === 'approval.answered').length;
    expect(chips.filter((chip) => chip === 'approved').length).toBe(asked);
    expect(chips).toContain('allowed');
  });

  it('writes what a model says to the page as it comes, labelled, without drawing a row anew', async () => {
    const { live } = await open();
    const running = fastqRun[decided[2] ?? 0];
    if (running?.type !== 'tool-call.decided') throw new Error('the recorded run has too few calls');
    const { call, task } = running.data;
    const say = (text: string) =>
      live.tell([], [{ type: 'turn', run: RUN, task, call, delta: { type: 'text', text } }]);
    const [row] = rows();
    const label = page.getByText('in its words:').first();
    await expect.element(label).not.toBeVisible();
    say('The queue is ');
    say('kept in\norder.');
    await expect.poll(() => row?.textContent).toContain('in its words: The queue is kept in order.');
    await expect.element(label).toBeVisible();
    say(` ${'and so on '.repeat(40)}to the end.`);
    await expect.poll(() => row?.textContent).toContain('to the end.');
    expect(row?.textContent).not.toContain('The queue is');
    expect(rows()[0]).toBe(row);
  });

  it.each(['paused', 'interrupted'] as const)(
    'says, in a run that is %s, which call was cut off, and its time does not go on',
    async (how) => {
      const script = { runs: [heldRun(how)], contents: fastqContents };
      await show(<StreamDrawer tall={false} onTall={() => undefined} />, script, ({ view }) =>
        view.showRun(RUN),
      );
      await expect.element(page.getByRole('button', { name: /Cut off.*cut off/ })).toBeVisible();
      const before = rows().map((row) => row.textContent);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(rows().map((row) => row.textContent)).toEqual(before);
      expect(document.querySelector('.animate-turn')).toBeNull();
      expect(page.getByText(/^\d+ running$/).elements()).toEqual([]);
    },
  );

  it('opens a call in the inspector by keyboard', async () => {
    const script = { runs: [fastqRun], contents: fastqContents };
    const { client } = await show(
      <StreamDrawer tall={false} onTall={() => undefined} />,
      script,
      ({ view }) => view.showRun(RUN),
    );
    await expect.poll(() => rows().length).toBe(decided.length);
    const [newest] = rows();
    if (newest instanceof HTMLElement) newest.focus();
    await userEvent.keyboard('{Enter}');
    const last = fastqRun[decided.at(-1) ?? 0];
    if (last?.type !== 'tool-call.decided') throw new Error('the recorded run calls no tool');
    const { task, call } = last.data;
    expect(client.view.getState().selection).toEqual({ kind: 'call', run: RUN, task, call });
    expect(client.view.getState().panels.inspector).toBe(true);
  });

  it('says of a call that failed what happened, instead of a result', async () => {
    const at = decided[0] ?? 0;
    const first = fastqRun[at];
    if (first?.type !== 'tool-call.decided') throw new Error('the recorded run calls no tool');
    const { task, call, attempt } = first.data;
    const fault = { code: 'FOLDER_GONE', data: { path: '/folder' }, retry: { when: 'never' } };
    const failed = recordedEvent(
      { type: 'tool-call.failed', time: first.time, data: { task, call, attempt, fault, tookMs: 12 } },
      at + 2,
    );
    const script = { runs: [[...fastqRun.slice(0, at + 1), failed]], contents: fastqContents };
    await show(<StreamDrawer tall={false} onTall={() => undefined} />, script, ({ view }) =>
      view.showRun(RUN),
    );
    await expect.element(page.getByRole('button', { name: /^.*Failed.*12 ms/ })).toBeVisible();
    expect(rows()[0]?.querySelector('.text-failed-fg')?.textContent).toMatch(/folder/i);
  });

  it('says of a call that a person rejected that it was rejected: denied is what a rule does', async () => {
    const answered = renameRun.findIndex(({ type }) => type === 'approval.answered');
    const rejected = renameRun
      .slice(0, answered + 1)
      .map(
        (event): RecordedRunEvent =>
          event.type === 'approval.answered'
            ? { ...event, data: { ...event.data, answer: 'rejected' } }
            : event,
      );
    const drawer = (
      <div style={{ height: 300 }}>
        <StreamDrawer tall={false} onTall={() => undefined} />
      </div>
    );
    await show(drawer, { runs: [rejected], contents: renameContents }, ({ view }) =>
      view.showRun('run-rename'),
    );
    await expect.element(page.getByText('Rejected')).toBeVisible();
    expect(page.getByText('Denied').elements()).toEqual([]);
  });

  it('says that no run is shown, and what to do about it', async () => {
    await show(<StreamDrawer tall={false} onTall={() => undefined} />, {});
    await expect.element(page.getByText('No run is shown')).toBeVisible();
    await expect.element(page.getByText(/^Start a goal or choose a run/)).toBeVisible();
  });

  it('is made higher and lower by its button, and closed', async () => {
    const asked: boolean[] = [];
    const { client } = await show(
      <>
        <StreamDrawer tall={false} onTall={(tall) => asked.push(tall)} />
        <StreamDrawer tall onTall={(tall) => asked.push(tall)} />
      </>,
      {},
      ({ view }) => view.togglePanel('drawer', true),
    );
    await page.getByRole('button', { name: 'Make the tool stream higher' }).click();
    await page.getByRole('button', { name: 'Make the tool stream lower' }).click();
    expect(asked).toEqual([true, false]);
    await page
      .getByRole('button', { name: /^Close the tool stream/ })
      .first()
      .click();
    expect(client.view.getState().panels.drawer).toBe(false);
  });

  it('shows only the calls that hold what is typed', async () => {
    const { live, rest } = await open();
    live.tell(rest);
    await expect.poll(() => rows().length).toBe(decided.length);
    await page.getByRole('textbox', { name: 'Filter calls' }).fill('outline');
    await expect.poll(() => rows().length).toBeLessThan(decided.length);
    expect(rows().every((row) => row.textContent?.includes('outline') === true)).toBe(true);
  });
});
