import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun, recordedEvent } from '../../testing/recorded-run.ts';
import { LiveNews } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { CodeText, pretty } from './content-text.tsx';
import { Inspector } from './index.ts';

const RUN = 'run-fastq';
const at = fastqRun.findIndex(({ type }) => type === 'tool-call.decided');
const decided = fastqRun[at];
if (decided?.type !== 'tool-call.decided') throw new Error('the recorded run calls no tool');
const { call, task } = decided.data;
const atWork = fastqRun.slice(0, at + 1);

describe('a call under way', () => {
  it('says in words and as a bar how far it is, as it goes on', async () => {
    const live = new LiveNews();
    await show(<Inspector />, { runs: [atWork], contents: fastqContents, live }, ({ view }) =>
      view.select({ kind: 'task', run: RUN, task }),
    );
    const card = page.getByRole('region', { name: 'Call of list_files' });
    await expect.element(card).toBeVisible();
    const bar = page.getByRole('progressbar', { name: 'Progress of the call' });
    expect(bar.elements()).toEqual([]);
    const tell = (done: number) => {
      const note = { code: 'files-parsed', data: { count: done } };
      live.tell([], [{ type: 'tool-progress', run: RUN, task, call, progress: { note, done, total: 9 } }]);
    };
    tell(3);
    await expect.element(bar).toHaveAttribute('aria-valuenow', '33');
    await expect.element(card.getByText('33%')).toBeVisible();
    tell(9);
    await expect.element(bar).toHaveAttribute('aria-valuenow', '100');
  });

  it('shows what a model has said so far, adds what comes to it, and stays where a person scrolled to', async () => {
    const live = new LiveNews();
    await show(<Inspector />, { runs: [atWork], contents: fastqContents, live }, ({ view }) =>
      view.select({ kind: 'task', run: RUN, task }),
    );
    const said = page.getByRole('region', { name: 'What the model has said so far, in its words' });
    await expect.element(page.getByRole('region', { name: 'Call of list_files' })).toBeVisible();
    expect(said.elements()).toEqual([]);
    const say = (text: string) =>
      live.tell([], [{ type: 'turn', run: RUN, task, call, delta: { type: 'text', text } }]);
    say('The queue is kept');
    await expect.element(said).toHaveTextContent('The queue is kept');
    const box = said.element();
    const first = box.firstChild;
    say(`${'\nin order'.repeat(80)}\nto the end.`);
    await expect.poll(() => box.textContent).toMatch(/to the end\.$/);
    expect(box.firstChild).toBe(first);
    expect(box.scrollTop).toBeGreaterThan(0);
    box.scrollTop = 0;
    say(' And more.');
    await expect.poll(() => box.textContent).toMatch(/And more\.$/);
    expect(box.scrollTop).toBe(0);
  });

  it('is opened among the calls when it was chosen in the stream', async () => {
    await show(<Inspector />, { runs: [fastqRun], contents: fastqContents }, ({ view }) =>
      view.select({ kind: 'call', run: RUN, task, call }),
    );
    await expect.element(page.getByRole('tab', { name: /^Calls/ })).toHaveAttribute('aria-selected', 'true');
    await expect
      .element(page.getByRole('button', { name: /list_files/ }))
      .toHaveAttribute('aria-expanded', 'true');
  });
});

describe('a call that failed', () => {
  it('says what happened, and how long it took', async () => {
    const fault = { code: 'TOOL_FAILED', data: { tool: 'list_files' }, retry: { when: 'never' } };
    const { attempt } = decided.data;
    const failed = recordedEvent(
      { type: 'tool-call.failed', time: decided.time, data: { call, task, attempt, fault, tookMs: 1940 } },
      at + 2,
    );
    await show(<Inspector />, { runs: [[...atWork, failed]], contents: fastqContents }, ({ view }) =>
      view.select({ kind: 'call', run: RUN, task, call }),
    );
    await expect.element(page.getByText('1.9 s')).toBeVisible();
    await expect.element(page.getByText('TOOL_FAILED')).toBeVisible();
  });
});

describe('a stored text', () => {
  it('stands on lines of its own, with what is short on one', () => {
    expect(pretty('{"paths":["a","b"],"deep":{"one":{"two":[1,2]}}}')).toBe(
      '{\n  "paths": ["a", "b"],\n  "deep": {\n    "one": {\n      "two": [1, 2]\n    }\n  }\n}',
    );
  });

  it('is shown as it is when it is no JSON', () => {
    expect(pretty('not { JSON')).toBe('not { JSON');
  });

  it('is cut where it is long, and says so', async () => {
    await show(<CodeText text={'x'.repeat(40_001)} label="Result" />, {});
    await expect
      .element(page.getByText('The first 40,000 characters are shown.', { exact: false }))
      .toBeVisible();
    expect(page.getByLabelText('Result', { exact: true }).element().textContent?.length).toBe(40_000);
  });
});
