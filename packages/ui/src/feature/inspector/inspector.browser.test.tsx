import { Artifact } from '@soma/schemas/event';
import { fold, type RunState } from '@soma/schemas/run';
import { beforeAll, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun, recordedEvent } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Inspector } from './inspector.tsx';

const RUN = 'run-fastq';
const script = { runs: [fastqRun], contents: fastqContents };
const inspect = (
  selection: { readonly kind: 'run' } | { readonly kind: 'task'; readonly task: string } = { kind: 'run' },
) => show(<Inspector />, script, ({ view }) => view.select({ run: RUN, ...selection }));

let whole: RunState;
beforeAll(() => {
  const state = fold(fastqRun);
  if (state === null) throw new Error('the recorded run is empty');
  whole = state;
});

describe('the evidence of a run', () => {
  it('has as many claims as the seals of its cards, and of tasks without a card, together', async () => {
    await inspect();
    const tab = page.getByRole('tab', { name: /^Evidence/ });
    await expect.element(tab).toHaveAttribute('aria-selected', 'true');
    const seals = whole.artifacts.map(({ content }) => {
      const text = content.inline ?? fastqContents[content.hash] ?? '{}';
      return Artifact.parse(JSON.parse(text)).claims.length;
    });
    const bare = whole.tasks.filter(({ id }) => !whole.artifacts.some(({ task }) => task === id));
    const claims = [...seals, ...bare.map(({ evidence }) => evidence.length)].reduce(
      (sum, each) => sum + each,
      0,
    );
    expect(claims).toBeGreaterThan(20);
    await expect.poll(() => tab.element().textContent).toBe(`Evidence${claims}`);
    await expect.poll(() => page.getByRole('button', { name: /^Open / }).elements().length).toBe(claims);
  });

  it('is filtered by kind, and the kinds add up', async () => {
    await inspect();
    const count = (name: RegExp) =>
      Number(page.getByRole('radio', { name }).element().textContent?.match(/\d+/)?.[0]);
    await expect.element(page.getByRole('radio', { name: /^Quotes/ })).toBeVisible();
    expect(count(/^Quotes/) + count(/^Counts/)).toBe(count(/^All/));
    await page.getByRole('radio', { name: /^Counts/ }).click();
    await expect
      .poll(() => page.getByRole('button', { name: /^Open / }).elements().length)
      .toBe(count(/^Counts/));
    expect(page.getByText('counted again').elements().length).toBe(count(/^Counts/));
  });

  it('shows what does not hold first, with what was found instead', async () => {
    const broken = fastqRun.map((event) => {
      if (event.type !== 'evidence.recorded' || event.data.task !== 'facts') return event;
      const claims = event.data.claims.map((each, place) =>
        place === 2
          ? { ...each, verdict: { checked: false, why: 'line-differs', found: 'another line' } }
          : each,
      );
      return recordedEvent({ ...event, data: { ...event.data, claims } }, event.sequence);
    });
    await show(<Inspector />, { ...script, runs: [broken] }, ({ view }) =>
      view.select({ kind: 'run', run: RUN }),
    );
    await expect.element(page.getByText('another line')).toBeVisible();
    const [first] = page.getByRole('img', { name: /^(Checked|Not proven)$/ }).elements();
    expect(first?.getAttribute('aria-label')).toBe('Not proven');
    await expect.element(page.getByText('line differs')).toBeVisible();
  });

  it('is checked again when asked, and says what is stale and what only stands in another file', async () => {
    const all = whole.tasks.flatMap(({ id: task, evidence }) =>
      evidence.map(({ claim, verdict }) => ({ task, claim: claim.id, verdict })),
    );
    const fileHash = 'e'.repeat(64);
    const rechecked = all.map((each, place) => {
      if (place === 0)
        return { ...each, verdict: { checked: false, why: 'line-differs', found: null } as const };
      return place === 1 ? { ...each, verdict: { checked: true, fileHash } as const } : each;
    });
    await show(<Inspector />, { ...script, rechecked }, ({ view }) => view.select({ kind: 'run', run: RUN }));
    expect(page.getByText('stale: its source changed').elements()).toEqual([]);
    await page.getByRole('button', { name: 'Check again' }).click();
    await expect
      .element(page.getByText('1 claim no longer holds. 1 stands in a file that has changed.'))
      .toBeVisible();
    expect(page.getByText('stale: its source changed').elements()).toHaveLength(1);
    expect(page.getByText('file changed, still holds').elements()).toHaveLength(1);
    await expect.element(page.getByRole('img', { name: 'Stale' })).toBeVisible();
  });

  it('opens the file at the cited line', async () => {
    const { client } = await inspect();
    await page.getByRole('button', { name: 'Open README.md:6' }).click();
    expect(client.view.getState().code).toEqual({ folder: 'folder-fastq', path: 'README.md', line: 6 });
  });
});

describe('the timeline of a task', () => {
  it('has the eight states in order, each with a sentence', async () => {
    await inspect({ kind: 'task', task: 'imports' });
    const names = () =>
      page
        .getByRole('listitem')
        .elements()
        .map((row) => row.querySelector('span:nth-of-type(2)')?.textContent);
    await expect
      .poll(names)
      .toEqual(['Plan', 'Recall', 'Select tool', 'Execute', 'Observe', 'Reflect', 'Verify', 'Commit']);
    await expect.element(page.getByText(/^Skipped\. Nothing is remembered/)).toBeVisible();
  });

  it('shows of each call its arguments, its result, the verdict and the rule', async () => {
    await inspect({ kind: 'task', task: 'list' });
    await page.getByRole('tab', { name: /^Calls/ }).click();
    await page.getByRole('button', { name: /list_files/ }).click();
    await expect.element(page.getByText('Allowed')).toBeVisible();
    await expect.element(page.getByText('read-inside-folder')).toBeVisible();
    await expect.element(page.getByText('No arguments')).toBeVisible();
    await expect.poll(() => page.getByLabelText('Result').element().textContent).toMatch(/"package\.json"/);
  });
});
