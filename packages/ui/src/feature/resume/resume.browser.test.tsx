import { fault, type RecordedRunEvent } from '@soma/schemas/event';
import { fold } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqContents, fastqRun, recordedEvent } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { cutOffOf } from './cut-off.ts';
import { ResumeOrStop } from './resume-or-stop.tsx';

/** The recorded run, cut off after its first two tasks were verified. */
function cutOff(exit: 'clean' | 'unclean'): readonly RecordedRunEvent[] {
  let verified = 0;
  const end = fastqRun.findIndex(
    (event) => event.type === 'task.completed' && event.data.state === 'verified' && ++verified === 2,
  );
  const kept = fastqRun.slice(0, end + 1);
  const time = '2099-01-01T00:00:00.000Z';
  return [...kept, recordedEvent({ type: 'run.interrupted', time, data: { exit } }, kept.length + 1)];
}

const ask = (exit: 'clean' | 'unclean', refused = {}) =>
  show(<ResumeOrStop />, { runs: [cutOff(exit)], contents: fastqContents, refused });

describe('a run that was cut off', () => {
  it('says when its last sign was, not when it was found', () => {
    const state = fold(cutOff('unclean'));
    const cut = state === null ? null : cutOffOf(state);
    expect(cut?.lastSign).toMatch(/^2026-/);
    expect(cut?.lastSign.localeCompare(fastqRun.at(-1)?.time ?? '')).toBeLessThan(0);
  });

  it('says what is verified and kept, and where it goes on', async () => {
    await ask('unclean');
    await expect
      .element(page.getByRole('heading', { name: /^“Explain this folder” was cut off at \d\d:\d\d$/ }))
      .toBeVisible();
    await expect.element(page.getByText(/^2 of 7 tasks are verified and kept\./)).toBeVisible();
    await expect.element(page.getByRole('button', { name: /^Resume from / })).toBeVisible();
  });

  it('tells a clean exit from an unclean one', async () => {
    await ask('clean');
    await expect.element(page.getByRole('heading', { name: /when SomaAgent closed$/ })).toBeVisible();
  });

  it('is resumed or stopped by one answer', async () => {
    const { host } = await ask('unclean');
    const stop = page.getByRole('button', { name: 'Stop the run' });
    await stop.click();
    await expect.poll(() => host.received.map(({ command }) => command)).toEqual(['run.stop']);
    await expect.element(stop).toBeDisabled();
    await expect.element(page.getByRole('button', { name: /^Resume from / })).toBeDisabled();
  });

  it('can be answered again when the answer was refused', async () => {
    const { host } = await ask('unclean', { 'run.resume': fault('LEASE_LOST') });
    const resume = page.getByRole('button', { name: /^Resume from / });
    await resume.click();
    await expect.element(page.getByRole('alert')).toBeVisible();
    await resume.click();
    await expect.poll(() => host.received.length).toBe(2);
  });

  it('shows its log', async () => {
    const { client } = await ask('unclean');
    await page.getByRole('button', { name: 'See the log' }).click();
    expect(client.view.getState().selection).toEqual({ kind: 'run', run: 'run-fastq' });
    expect(client.view.getState().panels.inspector).toBe(true);
  });
});
