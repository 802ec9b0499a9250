import { RecordedRunEvent } from '@soma/schemas/event';
import { fold, type RunState } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun, heldRun } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Inspector } from '../inspector/index.ts';
import { Shell } from '../shell/index.ts';
import { RunEndCard } from './index.ts';
import { countTasks, taskTime } from './look.ts';

const RUN = 'run-fastq';
const folder = { id: 'f1', path: '/folder', name: 'folder' };
const canvas = { id: 'c1', title: 'Board', folder: 'f1' };

function stateAfter(events: typeof fastqRun): RunState {
  const state = fold(events);
  if (state === null) throw new Error('the recorded run is empty');
  return state;
}

async function showRun(events: typeof fastqRun) {
  const { tasks } = stateAfter(fastqRun);
  const script = { folders: [folder], canvases: [canvas], runs: [events], contents: fastqContents };
  return show(<Shell />, script, ({ link, view }) => {
    const graph = tasks.map(({ id, after }) => ({ id, after }));
    link.canvases.open(canvas.id).apply([{ type: 'place-run', id: 'r', run: RUN, tasks: graph }]);
    view.openCanvas(canvas.id);
  });
}

const looks = (name: string) => page.getByRole('group', { name: new RegExp(`: ${name}$`) }).elements().length;

describe.each(['paused', 'interrupted'] as const)('a run that is %s', (how) => {
  const text = (name: string) =>
    [...document.querySelectorAll(name)].map(({ textContent }) => textContent).join();

  it('turns nothing, counts nothing as running, and no time of it goes on', async () => {
    await showRun(heldRun(how));
    // What was cut off is asked about first.
    if (how === 'interrupted') await page.getByRole('button', { name: 'Decide later' }).click();
    await expect.element(page.getByText(/tasks verified, 1 paused/).first()).toBeVisible();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(looks('Running')).toBe(0);
    expect(document.querySelector('.react-flow__nodes .animate-turn')).toBeNull();
    const before = text('.react-flow__node');
    // The clock of the head stands at the pause, a minute after the last work; of a run that was cut off, where work was seen last.
    expect(before).toMatch(how === 'paused' ? /1:0\d/ : /0:0\d\.\d/);
    expect(before).not.toMatch(/under 1 ms/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(text('.react-flow__node')).toBe(before);
  });

  it('says so of its open call in the inspector, where no time goes on either', async () => {
    const script = { runs: [heldRun(how)], contents: fastqContents };
    await show(<Inspector />, script, ({ view }) => view.select({ kind: 'run', run: RUN }));
    await page.getByRole('tab', { name: /^Calls/ }).click();
    await expect.element(page.getByText('Cut off. It had not answered when the work stopped.')).toBeVisible();
    expect(document.querySelector('.animate-turn')).toBeNull();
    const before = text('section');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(text('section')).toBe(before);
  });
});

describe('a long run', () => {
  const line = page.getByText(/^A long run/);
  const shown = (segments: readonly number[]) =>
    show(<Inspector />, { runs: [fastqRun], contents: fastqContents, segments }, ({ view }) =>
      view.select({ kind: 'run', run: RUN }),
    );

  it('says in one line that its log goes on in a further part', async () => {
    await shown([20, 40]);
    await expect.element(line).toHaveTextContent('A long run: its log goes on in part 3, behind event 40.');
  });

  it('says nothing of parts while there is one', async () => {
    await shown([]);
    await expect.element(page.getByRole('tab').first()).toBeVisible();
    expect(line.elements()).toEqual([]);
  });
});

describe('the time of a task', () => {
  const task = stateAfter(heldRun('paused')).tasks.find(({ status }) => status.name === 'running');
  if (task === undefined) throw new Error('no task was at work');

  it('goes on only while its run is at work', () => {
    expect(taskTime(task, 'running')).toEqual({ since: task.startedAt, until: null });
    expect(taskTime(task, 'paused')).toBeNull();
    expect(taskTime(task, 'interrupted')).toBeNull();
  });

  it('is not told of one that was stopped: how long it was held is no time of its work', () => {
    const stopped = { ...task, status: { name: 'stopped' as const }, endedAt: '2099-01-01T00:00:00.000Z' };
    expect(taskTime(stopped, 'ended')).toBeNull();
  });
});

describe('the head of a run', () => {
  it('has counts that add up to the nodes in its frame, at every point of the run', async () => {
    const points = [0.3, 0.6, 0.9].map((part) => Math.floor(fastqRun.length * part));
    for (const point of points) {
      const events = fastqRun.slice(0, point);
      const counts = countTasks(stateAfter(events).tasks);
      const { tasks, ...parts } = counts;
      expect(Object.values(parts).reduce((sum, each) => sum + each, 0)).toBe(tasks);
      await showRun(events);
      await expect.poll(() => page.getByRole('group', { name: /List the files/ }).elements().length).toBe(1);
      expect(looks('Verified')).toBe(counts.verified);
      expect(looks('Running')).toBe(counts.running);
      expect(looks('Queued')).toBe(counts.queued);
      await expect
        .element(page.getByText(new RegExp(`^${counts.verified} of ${tasks} tasks verified`)).first())
        .toBeVisible();
      document.body.replaceChildren();
    }
  });

  it('folds to a card of facts when the run has ended, and opens its graph again', async () => {
    await showRun(fastqRun);
    await expect.element(page.getByText('Left this computer').first()).toBeVisible();
    expect(looks('Verified')).toBe(0);
    await page.getByRole('button', { name: 'Open graph' }).click();
    await expect.poll(() => looks('Verified')).toBe(countTasks(stateAfter(fastqRun).tasks).verified);
    await page.getByRole('button', { name: 'Fold' }).click();
    await expect.poll(() => looks('Verified')).toBe(0);
  });
});

describe('a run that another started', () => {
  const started = fastqRun.map((event) => {
    const moved = RecordedRunEvent.parse(JSON.parse(JSON.stringify(event).replaceAll(RUN, 'run-inner')));
    if (moved.type !== 'goal.submitted') return moved;
    return { ...moved, data: { ...moved.data, parent: { run: RUN, call: 'c' } } };
  });
  const nothing = () => undefined;

  it('says which one, and opens that', async () => {
    const { client } = await show(
      <RunEndCard run="run-inner" selected={false} width={600} onUnfold={nothing} onAsk={nothing} />,
      { folders: [folder], canvases: [canvas], runs: [fastqRun, started], contents: fastqContents },
    );
    await page.getByRole('button', { name: /^started by Explain/ }).click();
    expect(client.view.getState().selection).toMatchObject({ kind: 'run', run: RUN });
  });

  it('says so where the other is not known, and nothing where a person started it', async () => {
    const script = { folders: [folder], canvases: [canvas], contents: fastqContents };
    const card = (run: string) => (
      <RunEndCard run={run} selected={false} width={600} onUnfold={nothing} onAsk={nothing} />
    );
    await show(card('run-inner'), { ...script, runs: [started] });
    await expect.element(page.getByText('started by another run')).toBeVisible();
    document.body.replaceChildren();
    await show(card(RUN), { ...script, runs: [fastqRun] });
    await expect.element(page.getByText('Left this computer').first()).toBeVisible();
    expect(document.body.textContent).not.toContain('started by');
  });
});
