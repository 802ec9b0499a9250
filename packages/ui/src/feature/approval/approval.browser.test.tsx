import type { RecordedRunEvent } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import {
  checksContents,
  checksRun,
  renameContents,
  renameRun,
  untilAsked,
} from '../../testing/recorded-run.ts';
import { LiveNews } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { Inspector } from '../inspector/index.ts';
import { KEYS_AFTER_MS } from './answer.ts';
import { ApprovalsPage } from './approvals-page.tsx';

const asking = untilAsked(renameRun);
const contents = { ...renameContents, ...checksContents };
const moment = () => new Promise((resolve) => setTimeout(resolve, KEYS_AFTER_MS + 50));
const open = (...runs: readonly (readonly RecordedRunEvent[])[]) =>
  show(
    <div className="relative h-[856px] w-[1200px]">
      <ApprovalsPage />
    </div>,
    { runs, contents, folders: [{ id: 'f', path: '/home/mk/fastq', name: 'fastq' }] },
  );
const question = (name: RegExp | string = /^Let this run /) => page.getByRole('region', { name });
const list = () => page.getByRole('listbox', { name: 'Approvals' });

describe('the inbox of approvals', () => {
  it('asks in words, says what is already true, what is not changed, the rule, and the exact call whole', async () => {
    await open(asking);
    await expect
      .element(page.getByRole('heading', { name: 'Let this run change 13 lines in 3 files?' }))
      .toBeVisible();
    const words = () => question().element().textContent ?? '';
    expect(words()).toContain('Nothing has been written.');
    expect(words()).toContain('Not changed: every other file in fastq.');
    expect(words()).toContain('Rule ask-for-the-rest');
    expect(words()).toContain('your goal and from what was read in: Find where it stands');
    await expect.poll(words).toMatch(/"from": "fastqueue".*"to": "createQueue"/s);
    await expect.element(page.getByText('Yes, per file or whole')).toBeVisible();
  });

  it('says of what a failed task did to files that it stands, and asks whether to take it back', async () => {
    const back = asking.map(
      (event): RecordedRunEvent =>
        event.type === 'tool-call.decided' && event.data.verdict === 'ask'
          ? { ...event, data: { ...event.data, compensates: 'r.change.1.execute' } }
          : event,
    );
    await open(back);
    const name = 'Let this run take back what it did to 3 files?';
    await expect.element(page.getByRole('heading', { name })).toBeVisible();
    const words = question().element().textContent ?? '';
    expect(words).toContain('what it wrote still stands.');
    expect(words).not.toContain('Nothing has been written.');
  });

  it('shows the change line by line, with both numbers and the words that differ', async () => {
    await open(asking);
    const difference = page.getByRole('region', { name: 'queue.js, before and after' });
    await page.getByRole('button', { name: /^queue\.js/ }).click();
    await expect.element(difference).toBeVisible();
    const line = [...difference.element().querySelectorAll('div')].find(
      (each) => each.textContent === '7-function fastqueue (context, worker, _concurrency) {',
    );
    expect([...(line?.querySelectorAll('em') ?? [])].map((each) => each.textContent)).toEqual(['fastqueue']);
    await expect.poll(() => difference.element().textContent).toContain('7+function createQueue (context');
  });

  it('shows a command whole, with its folder, its time limit and whose rights it has', async () => {
    await open(checksRun);
    await expect
      .element(page.getByRole('heading', { name: 'Let this run start a command in fastq?' }))
      .toBeVisible();
    const words = () => question().element().textContent ?? '';
    expect(words()).toContain('npm');
    expect(words()).toContain('your own rights, without a sandbox');
    expect(words()).toContain('Nothing has been started.');
  });

  it('has the focus in its list and never on an answer', async () => {
    await open(asking);
    await expect.element(list()).toHaveFocus();
  });

  it('takes its keys only a moment after the question appeared, and sends the hash of what was shown', async () => {
    const { host } = await open(asking);
    await expect.element(list()).toHaveFocus();
    await userEvent.keyboard('a');
    expect(host.received).toEqual([]);
    await moment();
    await userEvent.keyboard('a');
    await expect.poll(() => host.received.map(({ command }) => command)).toEqual(['approval.answer']);
    const asked = asking.at(-1);
    expect(host.received[0]?.input).toMatchObject({
      run: 'run-rename',
      answer: 'approved',
      reach: { scope: 'once' },
      argumentsHash: asked?.type === 'approval.requested' ? asked.data.arguments.hash : '',
    });
  });

  it('is rejected with R, once', async () => {
    const { host } = await open(asking);
    await expect.element(list()).toHaveFocus();
    await moment();
    await userEvent.keyboard('rrr');
    await expect.poll(() => host.received.length).toBe(1);
    expect(host.received[0]?.input).toMatchObject({ answer: 'rejected' });
  });

  it('names the scope in its button and sends it, with the last moment of the chosen day', async () => {
    const { host } = await open(asking);
    await expect.element(page.getByRole('button', { name: 'Approve once' })).toBeVisible();
    await page.getByRole('radio', { name: 'This run' }).click();
    await expect.element(page.getByRole('button', { name: 'Approve for this run' })).toBeVisible();
    await expect.element(page.getByText('Every call of replace_text in this run.')).toBeVisible();
    await page.getByRole('radio', { name: 'This folder until' }).click();
    const day = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000);
    const two = (part: number) => String(part).padStart(2, '0');
    const typed = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
    await page.getByLabelText('Until which day').fill(typed);
    await page.getByRole('button', { name: /^Approve until / }).click();
    await expect.poll(() => host.received.length).toBe(1);
    expect(host.received[0]?.input).toMatchObject({
      reach: { scope: 'folder', until: new Date(`${typed}T23:59:59`).toISOString() },
    });
  });

  it('moves with J and K between the questions of all runs, and says of each what it covers', async () => {
    await open(asking, checksRun);
    const options = () => list().getByRole('option').elements();
    await expect.poll(() => options().length).toBe(2);
    const [first, second] = options().map(({ textContent }) => textContent ?? '');
    expect(first).toContain('Change 13 lines in 3 files');
    expect(second).toContain('Run a command in fastq');
    const chosen = () => options().findIndex((each) => each.getAttribute('aria-selected') === 'true');
    await expect.element(list()).toHaveFocus();
    await userEvent.keyboard('j');
    await expect.poll(chosen).toBe(1);
    await page.getByRole('radio', { name: 'This run' }).click();
    await expect.element(page.getByText('This exact call, as often as this run makes it.')).toBeVisible();
    list().element().focus();
    await userEvent.keyboard('k');
    await expect.poll(chosen).toBe(0);
    await expect.element(page.getByRole('button', { name: 'Approve once' })).toBeVisible();
  });

  it('opens the next file with Space', async () => {
    await open(asking);
    await expect.element(list()).toHaveFocus();
    const opened = () =>
      page
        .getByRole('button', { expanded: true })
        .elements()
        .map(({ textContent }) => textContent?.replace(/[+\u2212].*/, ''));
    await expect.poll(opened).toEqual(['README.md']);
    await userEvent.keyboard(' ');
    await expect.poll(opened).toEqual(['README.md', 'bench.js']);
  });

  it('keeps what was decided, with the answer and how far it reached', async () => {
    await open(renameRun);
    await expect.element(page.getByText('Nothing waits for you.')).not.toBeInTheDocument();
    await page.getByRole('radio', { name: 'Decided 1' }).click();
    await expect.poll(() => list().element().textContent).toContain('Approved, once');
    await expect.element(page.getByText(/^by you, /)).toBeVisible();
    expect(page.getByRole('button', { name: /^Approve/ }).elements()).toEqual([]);
  });
});

describe('a question in the inspector', () => {
  const ask = () =>
    show(<Inspector />, { runs: [asking], contents }, ({ view }) =>
      view.select({ kind: 'run', run: 'run-rename' }),
    );

  it('is not answered by A when it has no focus, and is when it has it', async () => {
    const { host } = await ask();
    await expect.element(question()).toBeVisible();
    expect(document.activeElement?.closest('button') ?? null).toBeNull();
    await moment();
    await userEvent.keyboard('a');
    expect(host.received).toEqual([]);
    question().element().focus();
    await userEvent.keyboard('a');
    await expect.poll(() => host.received.length).toBe(1);
  });

  it('hands the focus on to the panel it stood in once it is answered, and not to the start of the window', async () => {
    const live = new LiveNews();
    await show(<Inspector />, { runs: [asking], contents, live }, ({ view }) =>
      view.select({ kind: 'run', run: 'run-rename' }),
    );
    await expect.element(question()).toBeVisible();
    page
      .getByRole('button', { name: /^Approve once/ })
      .element()
      .focus();
    live.tell(renameRun.slice(asking.length));
    await expect.element(question()).not.toBeInTheDocument();
    await expect.poll(() => document.activeElement?.tagName).toBe('ASIDE');
  });

  it('opens in Approvals', async () => {
    const { client } = await ask();
    await page.getByRole('button', { name: 'Open in Approvals' }).click();
    expect(client.view.getState()).toMatchObject({
      page: 'approvals',
      approval: 'run-rename.change.1.execute.approval',
    });
  });
});
