import { fault, RecordedRunEvent as Recorded, type RecordedRunEvent } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import {
  checksContents,
  checksRun,
  renameContents,
  renameRun,
  untilAsked,
} from '../../testing/recorded-run.ts';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { KEYS_AFTER_MS } from './answer.ts';
import { ApprovalsPage } from './approvals-page.tsx';

const asking = untilAsked(renameRun);
/** The same change asked for by another run, as its own host recorded it a moment later. */
const second = asking.map((event) => {
  const moved = JSON.stringify(event).replaceAll('run-rename', 'run-second');
  const time = new Date(Date.parse(event.time) + 1).toISOString();
  return Recorded.parse({ ...(JSON.parse(moved) as object), time });
});
/** The same again, of which the preview is kept by its hash alone. */
const byHash = second.map((event) => {
  if (event.type !== 'tool-call.decided' || event.data.preview === undefined) return event;
  const { inline: _, ...preview } = event.data.preview;
  return { ...event, data: { ...event.data, preview } };
});
const [RENAME, SECOND, CHECKS] = [
  'run-rename.change.1.execute.approval',
  'run-second.change.1.execute.approval',
  checksRun.flatMap((event) => (event.type === 'approval.requested' ? [event.data.approval] : []))[0] ?? '',
];

const moment = () => new Promise((resolve) => setTimeout(resolve, KEYS_AFTER_MS + 50));
const open = (runs: readonly (readonly RecordedRunEvent[])[], script: Script = {}) =>
  show(
    <div className="relative h-[856px] w-[1200px]">
      <ApprovalsPage />
    </div>,
    {
      runs,
      contents: { ...renameContents, ...checksContents },
      folders: [{ id: 'f', path: '/home/mk/fastq', name: 'fastq' }],
      ...script,
    },
  );
const list = () => page.getByRole('listbox', { name: 'Approvals' });
const options = () => list().getByRole('option').elements();
const marked = () => options().map((each) => each.getAttribute('aria-checked') === 'true');
const together = (name: string) => page.getByRole('region', { name });
const answers = ({ host }: Awaited<ReturnType<typeof open>>) =>
  host.received.map(({ input }) => [input.approval, input.answer, input.argumentsHash]);
const hashOf = (events: readonly RecordedRunEvent[]) =>
  events.flatMap((event) => (event.type === 'approval.requested' ? [event.data.arguments.hash] : []))[0];

describe('several questions answered together', () => {
  it('are marked with X and shown together with what they do, what leaves and what cannot be undone', async () => {
    await open([asking, second, checksRun]);
    await expect.element(list()).toHaveFocus();
    await userEvent.keyboard('xjxjx');
    await expect.poll(marked).toEqual([true, true, true]);
    const all = together('Let 3 runs make these 3 calls?');
    await expect.element(all).toBeVisible();
    const words = () => all.element().textContent ?? '';
    await expect.poll(words).toContain('Nothing of this has been done.');
    await expect.poll(words).toContain('26 lines in 6 files and 1 command');
    expect(words()).toContain('what 1 command sends');
    expect(words()).toContain('2 of 3');
    const button = page.getByRole('button', { name: 'Approve 3 once' });
    const line = button.element().closest('footer')?.textContent ?? '';
    expect(line).toContain('1 of 3 cannot be undone: 1 command.');
  });

  it('go out one by one, each with the hash of its own arguments, once, at one press', async () => {
    const shown = await open([asking, second, checksRun]);
    await expect.element(list()).toHaveFocus();
    await userEvent.keyboard('xjx');
    await expect.element(page.getByRole('button', { name: 'Approve 2 once' })).toBeEnabled();
    await moment();
    await userEvent.keyboard('a');
    await expect
      .poll(() => answers(shown))
      .toEqual([
        [RENAME, 'approved', hashOf(asking)],
        [SECOND, 'approved', hashOf(second)],
      ]);
    expect(shown.host.received.map(({ input }) => input.reach)).toEqual([
      { scope: 'once' },
      { scope: 'once' },
    ]);
  });

  it('say that all of it can be undone only where that is so', async () => {
    await open([asking, second]);
    await page.getByText('Mark all 2').click();
    const footer = () => page.getByRole('button', { name: 'Approve 2 once' }).element().closest('footer');
    await expect.poll(() => footer()?.textContent).toContain('All 2 can be undone, per file or whole.');
    expect(footer()?.textContent).not.toContain('cannot');
  });

  it('are rejected together with R', async () => {
    const shown = await open([asking, checksRun]);
    await page.getByText('Mark all 2').click();
    await expect.element(page.getByRole('button', { name: 'Reject 2' })).toBeVisible();
    await moment();
    await userEvent.keyboard('r');
    await expect
      .poll(() => answers(shown).map(([approval, answer]) => [approval, answer]))
      .toEqual([
        [RENAME, 'rejected'],
        [CHECKS, 'rejected'],
      ]);
  });

  it('leave one that has changed or gone meanwhile, name it with the reason, and send the others', async () => {
    const refused = { [`approval.answer ${RENAME}`]: fault('APPROVAL_CHANGED', { approval: RENAME }) };
    const shown = await open([asking, second, checksRun], { refused });
    await page.getByText('Mark all 3').click();
    await page.getByRole('button', { name: 'Approve 3 once' }).click();
    const left = page.getByRole('region', { name: '2 approved. 1 left as it is:' });
    await expect.element(left).toBeVisible();
    expect(left.element().textContent).toContain('Change 13 lines in 3 files');
    expect(left.element().textContent).toContain('APPROVAL_CHANGED');
    expect(answers(shown).map(([approval]) => approval)).toEqual([RENAME, SECOND, CHECKS]);
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await expect.element(left).not.toBeInTheDocument();
  });

  it('takes keys only a moment after the last mark', async () => {
    const shown = await open([asking, second]);
    await expect.element(list()).toHaveFocus();
    await moment();
    await userEvent.keyboard('xa');
    await expect.poll(marked).toEqual([true, false]);
    expect(shown.host.received).toEqual([]);
  });

  it('counts as not to be undone what cannot be read any more', async () => {
    await open([asking, byHash], { contents: {} });
    await page.getByText('Mark all 2').click();
    const line = page.getByRole('button', { name: 'Approve 2 once' }).element().closest('footer');
    await expect
      .poll(() => line?.textContent)
      .toContain('1 of 2 cannot be undone: 1 call that cannot say what it does.');
  });
});

describe('how far one press reaches', () => {
  const third = JSON.parse(JSON.stringify(checksRun).replaceAll('run-checks', 'run-third')) as unknown[];
  const fetched = third.map((event) => Recorded.parse(event));
  const choose = (name: string) => page.getByRole('radio', { name, exact: true });
  const reaches = ({ host }: Awaited<ReturnType<typeof open>>) =>
    host.received.map(({ input }) => input.reach);

  it('is the runs of all that is marked, where they call one tool', async () => {
    const shown = await open([asking, second]);
    await page.getByText('Mark all 2').click();
    await choose('These runs').click();
    await expect.element(page.getByText('Every call of replace_text in these 2 runs.').first()).toBeVisible();
    await page.getByRole('button', { name: 'Approve 2 for these runs' }).click();
    await expect.poll(() => reaches(shown)).toEqual([{ scope: 'run' }, { scope: 'run' }]);
  });

  it('is a folder by one permission, that one revocation ends, also where the first answer was not taken', async () => {
    const refused = { [`approval.answer ${RENAME}`]: fault('APPROVAL_CHANGED', { approval: RENAME }) };
    const later = (run: string, by: number) =>
      asking.map((event) => {
        const time = new Date(Date.parse(event.time) + by).toISOString();
        const moved = JSON.stringify(event).replaceAll('run-rename', run);
        const there = JSON.parse(moved.replaceAll(`folder-${run}`, 'folder-run-rename')) as object;
        return Recorded.parse({ ...there, time });
      });
    const shown = await open([asking, later('run-s', 1), later('run-t', 2)], { refused });
    await page.getByText('Mark all 3').click();
    await choose('This folder until').click();
    await expect
      .element(page.getByText(/^Every call of replace_text of any run in fastq/).first())
      .toBeVisible();
    await page.getByRole('button', { name: /^Approve 3 until / }).click();
    await expect
      .poll(() => reaches(shown).map((reach) => (reach as { scope: string } | undefined)?.scope))
      .toEqual(['folder', 'folder', 'once']);
  });

  it('is each exact call of a command, and a folder keeps a permission of each', async () => {
    const shown = await open([checksRun, fetched]);
    await page.getByText('Mark all 2').click();
    await choose('These runs').click();
    await expect
      .element(page.getByText('These exact calls, as often as these 2 runs make them.').first())
      .toBeVisible();
    await page.getByRole('button', { name: 'Reject 2' }).click();
    await expect.poll(() => reaches(shown)).toEqual([undefined, undefined]);
  });

  it('is once over calls of several tools, and once again when other questions are marked', async () => {
    await open([asking, second, checksRun]);
    await page.getByText('Mark all 3').click();
    await expect.element(page.getByText(/For longer, mark calls of one tool only/)).toBeVisible();
    await expect.element(choose('This run')).not.toBeInTheDocument();
    const box = document.querySelector(`[data-mark="${CHECKS}"]`);
    if (box === null) throw new Error('the row has no box');
    await userEvent.click(box);
    await choose('These runs').click();
    await userEvent.click(box);
    await expect.element(page.getByRole('button', { name: 'Approve 3 once' })).toBeVisible();
  });
});

describe('marking', () => {
  it('marks a range with Shift, by pointer and by key, and Escape takes the marks away', async () => {
    await open([asking, second, checksRun]);
    await expect.element(list()).toHaveFocus();
    await expect.poll(() => options().length).toBe(3);
    const [first, , third] = options();
    if (first === undefined || third === undefined) throw new Error('three questions wait');
    await userEvent.click(first);
    await userEvent.keyboard('{Shift>}');
    await userEvent.click(third);
    await userEvent.keyboard('{/Shift}');
    await expect.poll(marked).toEqual([true, true, true]);
    await userEvent.keyboard('{Escape}');
    await expect.poll(marked).toEqual([false, false, false]);
    list().element().focus();
    await userEvent.keyboard('k');
    await userEvent.keyboard('{Shift>}{ArrowUp}{/Shift}');
    await expect.poll(marked).toEqual([true, true, false]);
  });

  it('marks by the box of a row, all with Control A, and all of the same run or tool', async () => {
    await open([asking, second, checksRun]);
    await expect.element(list()).toHaveFocus();
    await expect.poll(() => options().length).toBe(3);
    const box = document.querySelector(`[data-mark="${SECOND}"]`);
    if (box === null) throw new Error('the row has no box');
    await userEvent.click(box);
    await expect.poll(marked).toEqual([false, true, false]);
    await expect.element(page.getByText('1 of 3 marked')).toBeVisible();
    list().element().focus();
    await userEvent.keyboard('{Control>}a{/Control}');
    await expect.poll(marked).toEqual([true, true, true]);
    await page.getByRole('button', { name: 'Mark', exact: true }).click();
    await page.getByRole('menuitem', { name: /^All of this tool/ }).click();
    await expect.poll(marked).toEqual([true, true, false]);
    await page.getByRole('button', { name: 'Mark', exact: true }).click();
    await page.getByRole('menuitem', { name: /^All of this run/ }).click();
    await expect.poll(marked).toEqual([true, false, false]);
  });

  it('shows the question in focus whole, marked or not, and a mark taken away there takes it out', async () => {
    await open([asking, checksRun]);
    await expect.element(list()).toHaveFocus();
    await userEvent.keyboard('xj');
    const part = page.getByRole('region', { name: 'Run a command in fastq', exact: true });
    await expect.element(part).toBeVisible();
    expect(part.element().textContent).toContain('Not marked: ');
    await expect.element(part.getByText('your own rights, without a sandbox')).toBeVisible();
    await page.getByRole('checkbox', { name: /^Mark: Change 13 lines/ }).click();
    await expect.poll(marked).toEqual([false, false]);
    await expect.element(page.getByRole('button', { name: 'Approve once' })).toBeVisible();
  });

  it('is not offered where one question waits alone', async () => {
    await open([asking]);
    await expect.element(list()).toHaveFocus();
    expect(document.querySelector('[data-mark]')).toBeNull();
    expect(options()[0]?.hasAttribute('aria-checked')).toBe(false);
  });
});
