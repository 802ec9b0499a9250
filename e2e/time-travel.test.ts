import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { writeSources } from './bench/part/sources.ts';
import { unpack } from './folders.ts';
import { openFolder, play, startGoal } from './play.ts';

const GOAL = 'Explain this folder';

/** Moves the slider of a run's past to the last event before a task had done its work. */
async function lookBackBefore(page: Page, task: string): Promise<number> {
  const slider = page.getByRole('slider', { name: 'Events of this run' });
  await slider.waitFor();
  await slider.focus();
  await page.keyboard.press('Home');
  const begun = page.getByRole('region', { name: 'Look back at this run' }).getByText(`${task}: begun`);
  while ((await begun.count()) === 0) await page.keyboard.press('ArrowRight');
  await page.keyboard.press(',');
  return Number(await slider.inputValue());
}

describe('a run’s past', () => {
  play('time-travel', async (stage) => {
    const page = stage.seat.page();
    const fastq = await unpack('fastq');
    await openFolder(stage, fastq.path);
    await startGoal(page, GOAL);
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 60_000 });

    // Scrub: board and inspector show the run as it was, and nothing of it can be acted on.
    await page.getByRole('button', { name: 'Look back at this run' }).click();
    const at = await lookBackBefore(page, 'Outline the public symbols');
    await page.getByText(`As it was at event ${at}`).first().waitFor();
    await page
      .getByText(/[1-6] of 7 tasks verified/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Check again' }).count()).toBe(0);

    // Branch off, waiting: the branch stands on the board and leads back.
    await page.getByRole('button', { name: 'Branch off here' }).click();
    await page.getByRole('button', { name: 'Branch off', exact: true }).click();
    await page.getByText(`Branched off “${GOAL}” after event ${at}.`).waitFor();
    await expect.poll(() => page.locator('.react-flow__node-run').count()).toBe(2);

    // A task that has not begun is left out, and the branch goes its own way.
    const inspector = page.getByRole('complementary');
    await inspector.getByRole('button', { name: 'Outline the public symbols' }).click();
    await inspector.getByRole('button', { name: 'Leave it out' }).click();
    await inspector.getByText('A person left it out.').waitFor();
    await page.getByRole('button', { name: 'Resume' }).first().click();
    await page.getByText('Unverified', { exact: true }).first().waitFor({ timeout: 60_000 });

    // Compare: what differs is named.
    await page
      .locator('.react-flow__node-run')
      .last()
      .click({ position: { x: 40, y: 50 } });
    await page.getByRole('button', { name: 'Compare with its parent' }).click();
    const comparison = page.getByRole('dialog', { name: 'Compare two runs' });
    await comparison.getByText(/tasks? differs?|tasks differ/).waitFor();
    await comparison.getByText('Outline the public symbols').first().waitFor();
    await page.keyboard.press('Escape');
    await comparison.waitFor({ state: 'detached' });

    // Do it again: the ended branch is at work again and ends verified.
    await inspector.getByRole('tab', { name: 'Timeline' }).click();
    await inspector.getByRole('button', { name: 'Outline the public symbols' }).click();
    await inspector.getByRole('button', { name: 'Do it again' }).click();
    await expect
      .poll(() => page.getByText('Verified', { exact: true }).count(), { timeout: 60_000 })
      .toBeGreaterThanOrEqual(2);
    await fastq.remove();
  });

  play('cut-off-runs', async (stage) => {
    const folder = join(stage.work, 'many');
    await writeSources(folder, 3000);
    await openFolder(stage, folder);
    await startGoal(stage.seat.page(), GOAL);
    await stage.seat
      .page()
      .getByText(/\d running/)
      .first()
      .waitFor();
    await stage.seat.kill();
    const page = await stage.seat.come();
    await page.getByRole('heading', { name: /cut off$/ }).waitFor();
    await page.getByText('Comes next').first().waitFor();
    await page.getByRole('button', { name: 'Decide later' }).click();
    await page.getByRole('button', { name: /^Cut off/ }).click();
    await page
      .getByRole('button', { name: /^Resume/ })
      .first()
      .click();
    await page
      .getByText(/resumed at .*, step \d/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(await page.getByRole('heading', { name: /cut off$/ }).count()).toBe(0);
  });
});
