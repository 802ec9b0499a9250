import { fold, type RunState } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Shell } from '../shell/index.ts';
import { countTasks } from './look.ts';

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
