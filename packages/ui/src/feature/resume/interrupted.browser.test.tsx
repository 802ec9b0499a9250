import { type RecordedRunEvent, STEP_NAMES } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun, recordedEvent } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Inspector } from '../inspector/index.ts';
import { resumptionsOf } from '../run/resumption.ts';
import { InterruptedPage } from './interrupted-page.tsx';

/** The recorded run, cut off before its first call had answered. */
const cut: readonly RecordedRunEvent[] = (() => {
  const called = fastqRun.findIndex(({ type }) => type === 'tool-call.decided');
  const kept = fastqRun.slice(0, called + 1);
  const interrupted = {
    type: 'run.interrupted',
    time: '2026-11-21T23:00:00.000Z',
    data: { exit: 'unclean' },
  };
  return [...kept, recordedEvent(interrupted, kept.length + 1)];
})();

/** It, under another id. */
function another(run: string): readonly RecordedRunEvent[] {
  return cut.map((event) => {
    const moved = recordedEvent(event, event.sequence, run);
    return moved.type === 'goal.submitted' ? { ...moved, data: { ...moved.data, run } } : moved;
  });
}

const time = new Date(Date.parse(cut.at(-1)?.time ?? '') + 1000).toISOString();
const resumed = (more: readonly object[] = []): readonly RecordedRunEvent[] => {
  const after = [{ type: 'run.resumed', time, data: { from: 'interrupted', approve: null } }, ...more];
  return [...cut, ...after.map((event, place) => recordedEvent(event, cut.length + place + 1))];
};
const open = cut.findLast((event) => event.type === 'tool-call.decided');

describe('the page of runs that were cut off', () => {
  it('says of each where it stopped, what had happened and what comes next', async () => {
    await show(<InterruptedPage />, { runs: [cut], contents: fastqContents });
    await expect.element(page.getByRole('heading', { name: 'A run was cut off' })).toBeVisible();
    await expect.element(page.getByText('Stopped at')).toBeVisible();
    await expect.element(page.getByText(/no tool had answered, no file changed\./)).toBeVisible();
    await expect.element(page.getByText(/goes on at Execute\./).first()).toBeVisible();
    await expect
      .element(page.getByText(/had not answered\. Whether that took effect is found out first/))
      .toBeVisible();
    await expect.element(page.getByText('It stays under “Cut off” in the sidebar.')).toBeVisible();
  });

  it('calls a run that closing paused paused, and not cut off', async () => {
    const closed = cut.map((event) =>
      event.type === 'run.interrupted' ? { ...event, data: { exit: 'clean' as const } } : event,
    );
    await show(<InterruptedPage />, { runs: [closed], contents: fastqContents });
    await expect
      .element(page.getByRole('heading', { name: 'A run was paused when SomaAgent closed' }))
      .toBeVisible();
  });

  it('resumes or stops all at once, each by a command of its own', async () => {
    const { host } = await show(<InterruptedPage />, {
      runs: [cut, another('run-two')],
      contents: fastqContents,
    });
    await expect.element(page.getByRole('heading', { name: '2 runs were cut off' })).toBeVisible();
    await expect.poll(() => page.getByRole('article').elements().length).toBe(2);
    await page.getByRole('button', { name: 'Resume all 2' }).click();
    await expect
      .poll(() => host.received.map(({ command }) => command))
      .toEqual(['run.resume', 'run.resume']);
    expect(new Set(host.received.map(({ input }) => input.run))).toEqual(new Set(['run-fastq', 'run-two']));
  });

  it('shows a run on its board, and can be left for later', async () => {
    const { client, host } = await show(
      <InterruptedPage />,
      { runs: [cut], contents: fastqContents },
      (made) => made.view.openPage('interrupted'),
    );
    await page.getByRole('button', { name: 'Show on the board' }).click();
    expect(client.view.getState()).toMatchObject({ page: 'canvas', selection: { run: 'run-fastq' } });
    client.view.openPage('interrupted');
    await page.getByRole('button', { name: 'Decide later' }).click();
    expect(client.view.getState().page).toBe('canvas');
    expect(host.received).toEqual([]);
  });
});

describe('a run that went on after it was cut off', () => {
  const call = open?.type === 'tool-call.decided' ? open.data : null;
  const end = fastqRun.find(
    (event) => event.type === 'tool-call.completed' && event.data.call === call?.call,
  );
  const note = { code: 'found-done', data: {} };
  const after = (log: readonly RecordedRunEvent[]) =>
    resumptionsOf(log).find(({ task }) => task === call?.task)?.after;

  it('says at which state and step', () => {
    const found = resumptionsOf(resumed()).find(({ task }) => task === call?.task);
    expect(found).toMatchObject({
      step: 'execute',
      number: STEP_NAMES.indexOf('execute') + 1,
      after: 'open',
    });
  });

  it('says whether the tool under way was found done, run again, or is unknown', () => {
    expect(call).not.toBeNull();
    const completed = { type: 'tool-call.completed', time, data: { ...end?.data, note } };
    expect(after(resumed([completed]))).toBe('found');
    const again = { type: 'tool-call.decided', time, data: call };
    expect(after(resumed([again, completed]))).toBe('again');
    const fault = { code: 'TOOL_OUTCOME_UNKNOWN', data: {}, retry: { when: 'never' } };
    const failed = { task: call?.task, attempt: call?.attempt, fault, retryAt: null };
    expect(after(resumed([{ type: 'task.failed', time, data: failed }]))).toBe('unknown');
  });

  it('says so in the run’s timeline', async () => {
    const completed = { type: 'tool-call.completed', time, data: { ...end?.data, note } };
    await show(<Inspector />, { runs: [resumed([completed])], contents: fastqContents }, ({ view }) =>
      view.select({ kind: 'run', run: 'run-fastq' }),
    );
    await expect
      .element(page.getByText(/at Execute, step 4: list_files had been done, and was not repeated/))
      .toBeVisible();
  });
});
