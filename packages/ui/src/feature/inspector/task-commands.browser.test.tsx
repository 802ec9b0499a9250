import { fault, type RecordedRunEvent } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun, recordedEvent } from '../../testing/recorded-run.ts';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { Inspector } from './inspector.tsx';

const RUN = 'run-fastq';
const time = '2026-11-21T23:00:00.000Z';

/** The recorded run up to its plan, paused before any task began. */
const pending: readonly RecordedRunEvent[] = (() => {
  const approved = fastqRun.findIndex(({ type }) => type === 'plan.approved');
  const kept = fastqRun.slice(0, approved + 1);
  const paused = { type: 'run.paused', time, data: { reason: 'person', fault: null } };
  return [...kept, recordedEvent(paused, kept.length + 1)];
})();

/** The recorded run, paused because nobody knows whether its first call took effect. */
const unknown: readonly RecordedRunEvent[] = (() => {
  const called = fastqRun.findIndex(({ type }) => type === 'tool-call.decided');
  const kept = fastqRun.slice(0, called + 1);
  const trouble = fault('TOOL_OUTCOME_UNKNOWN', { tool: 'list_files' });
  const failed = { task: 'list', attempt: 1, fault: trouble, retryAt: null };
  return [
    ...kept,
    recordedEvent({ type: 'task.failed', time, data: failed }, kept.length + 1),
    recordedEvent({ type: 'run.paused', time, data: { reason: 'fault', fault: trouble } }, kept.length + 2),
  ];
})();

const inspect = (log: readonly RecordedRunEvent[], task: string | null, more: Partial<Script> = {}) =>
  show(<Inspector />, { runs: [log], contents: fastqContents, ...more }, ({ view }) =>
    view.select(task === null ? { kind: 'run', run: RUN } : { kind: 'task', run: RUN, task }),
  );
const first = fastqRun.flatMap((event) => (event.type === 'plan.proposed' ? event.data.tasks : []))[0];
const task = first?.id ?? '';

describe('a task that is over', () => {
  it('is done again, and says first which tasks follow', async () => {
    const { host } = await inspect(fastqRun, task);
    await expect.element(page.getByText(/^Done again with it: “/)).toBeVisible();
    await expect.element(page.getByText(/The run is then at work again\./)).toBeVisible();
    await page.getByRole('button', { name: 'Do it again' }).click();
    await expect.poll(() => host.received).toMatchObject([{ command: 'run.retryTask', input: { task } }]);
  });

  it('says in place why it cannot be done again', async () => {
    await inspect(fastqRun, task, { refused: { 'run.retryTask': fault('TASK_BUSY', { task }) } });
    await page.getByRole('button', { name: 'Do it again' }).click();
    await expect.element(page.getByRole('alert').getByText('TASK_BUSY')).toBeVisible();
  });

  it('cannot be left out or edited', async () => {
    await inspect(fastqRun, task);
    await expect.element(page.getByRole('button', { name: 'Do it again' })).toBeVisible();
    expect(page.getByRole('button', { name: 'Leave it out' }).elements()).toHaveLength(0);
  });
});

describe('a task that has not begun', () => {
  it('is left out, with what needs it', async () => {
    const { host } = await inspect(pending, task);
    await expect.element(page.getByText(/^Leaving it out leaves out “/)).toBeVisible();
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await expect.poll(() => host.received).toMatchObject([{ command: 'run.skipTask', input: { task } }]);
  });

  it('is given arguments that are JSON, and no others', async () => {
    const { host } = await inspect(pending, task);
    await page.getByRole('button', { name: 'Edit its arguments' }).click();
    const field = page.getByRole('textbox', { name: 'Arguments, as JSON' });
    await field.fill('{ "limit": ');
    await expect.element(page.getByText(/This is no JSON object/)).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Use these arguments' })).toBeDisabled();
    await field.fill('{ "limit": 3 }');
    await page.getByRole('button', { name: 'Use these arguments' }).click();
    await expect
      .poll(() => host.received)
      .toMatchObject([{ command: 'run.editTask', input: { task, arguments: { limit: 3 } } }]);
    await expect.element(field).not.toBeInTheDocument();
  });
});

describe('a call nobody knows the outcome of', () => {
  it('is done again, and the run goes on', async () => {
    const { host } = await inspect(unknown, null);
    await page.getByRole('button', { name: 'Do it again' }).click();
    await expect
      .poll(() => host.received.map(({ command }) => command))
      .toEqual(['run.retryTask', 'run.resume']);
  });

  it('is left as it is, and the run goes on without it', async () => {
    const { host } = await inspect(unknown, null);
    await page.getByRole('button', { name: 'Go on without it' }).click();
    await expect.poll(() => host.received.map(({ command }) => command)).toEqual(['run.resume']);
  });

  it('does not go on when doing it again was refused', async () => {
    const { host } = await inspect(unknown, null, { refused: { 'run.retryTask': fault('LEASE_LOST') } });
    await page.getByRole('button', { name: 'Do it again' }).click();
    await expect.element(page.getByText('LEASE_LOST')).toBeVisible();
    expect(host.received.map(({ command }) => command)).toEqual(['run.retryTask']);
  });
});

describe('what was taken from an earlier run', () => {
  it('is said by that run’s goal in the timeline and among the calls, with the way there', async () => {
    const execute = fastqRun.findIndex(
      (event) => event.type === 'step.completed' && event.data.task === task && event.data.step === 'execute',
    );
    const reused = fastqRun
      .slice(0, execute + 1)
      .filter((event) => !event.type.startsWith('tool-call.'))
      .map((event, place) => {
        const moved = recordedEvent(event, place + 1, 'run-later');
        if (moved.type === 'goal.submitted') return { ...moved, data: { ...moved.data, run: 'run-later' } };
        if (moved.type !== 'step.completed' || moved.data.step !== 'execute') return moved;
        return {
          ...moved,
          data: { ...moved.data, note: { code: 'result-reused', data: { run: RUN, tookMs: 301 } } },
        };
      });
    const { client } = await show(
      <Inspector />,
      { runs: [fastqRun, reused], contents: fastqContents },
      ({ view }) => view.select({ kind: 'task', run: 'run-later', task }),
    );
    const said = page.getByText(/Taken over from “Explain this folder” .* without a call\. 301 ms saved\./);
    await expect.element(said).toBeVisible();
    await page.getByRole('tab', { name: /^Calls/ }).click();
    await expect.element(said).toBeVisible();
    await page.getByRole('button', { name: 'Show that run' }).click();
    expect(client.view.getState().selection).toEqual({ kind: 'run', run: RUN });
  });
});
