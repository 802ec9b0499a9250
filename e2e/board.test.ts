import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { openFolder, play, startGoal } from './play.ts';

const GOAL = 'Explain this folder';

async function smallFolder(work: string): Promise<string> {
  const folder = join(work, 'notes');
  await mkdir(folder);
  await writeFile(join(folder, 'README.md'), '# Notes\n\nThree words suffice here.\n');
  return folder;
}

/** A new board, with its first-minute card out of the way, on which a note is written by double-click. */
async function writeNote(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__pane').dblclick({ position: { x: 180, y: 520 } });
  await page.getByRole('textbox', { name: 'Text of the note' }).waitFor();
  await page.keyboard.type(text);
  await page.keyboard.press('Escape');
  await page.getByText(text).first().waitFor();
}

async function verifiedRun(page: Page): Promise<void> {
  await startGoal(page, GOAL);
  await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
}

describe('the board', () => {
  play('note-undo', async (stage) => {
    const first = stage.seat.page();
    await openFolder(stage, await smallFolder(stage.work));
    await verifiedRun(first);
    await writeNote(first, 'Remember the lake');
    await first.getByText('Saved on this computer').waitFor();
    await stage.seat.leave();
    const page = await stage.seat.come();
    await page.getByText('Remember the lake').first().waitFor();
    await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Control+z');
          return page.getByText('Remember the lake').count();
        },
        { timeout: 10_000, interval: 300 },
      )
      .toBe(0);
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Control+Shift+z');
          return page.getByText('Remember the lake').count();
        },
        { timeout: 10_000, interval: 300 },
      )
      .toBeGreaterThan(0);
  });

  play('two-windows', async (stage) => {
    const first = stage.seat.page();
    await openFolder(stage, await smallFolder(stage.work));
    await verifiedRun(first);
    const second = await stage.seat.another();
    await second.getByText('Verified', { exact: true }).first().waitFor({ timeout: 20_000 });
    await writeNote(first, 'Seen from afar');
    await second.getByText('Seen from afar').first().waitFor();
  });

  play('database-damaged', async (stage) => {
    await openFolder(stage, await smallFolder(stage.work));
    await verifiedRun(stage.seat.page());
    await writeNote(stage.seat.page(), 'Kept in the documents');
    await stage.seat.page().getByText('Saved on this computer').waitFor();
    await stage.seat.leave();
    await overwrite(join(stage.seat.data, 'ledger.db'));
    const page = await stage.seat.come();
    await page.getByText('DATABASE_DAMAGED').first().waitFor({ timeout: 30_000 });
  });

  play('ledger-lost', async (stage) => {
    await openFolder(stage, await smallFolder(stage.work));
    await verifiedRun(stage.seat.page());
    await stage.seat.leave();
    await rm(join(stage.seat.data, 'backups'), { recursive: true, force: true });
    await writeFile(join(stage.seat.data, 'ledger.db'), 'not a database');
    const page = await stage.seat.come();
    await page.getByText('DATABASE_DAMAGED').first().waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Begin an empty log' }).click();
    await page.getByRole('button', { name: 'Keep the damaged one aside and begin' }).click();
    await page.getByRole('heading', { name: 'What should we work on?' }).waitFor();
    const aside = await readdir(join(stage.seat.data, 'quarantine'));
    expect(aside.some((name) => name.startsWith('ledger.'))).toBe(true);
  });

  play('keyboard-only', async (stage) => {
    const page = stage.seat.page();
    await stage.seat.answerDialog(await smallFolder(stage.work));
    await page.getByRole('heading', { name: 'What should we work on?' }).waitFor();
    await page.keyboard.press('Control+o');
    await page.getByText('Folder: ').waitFor();
    await page.getByRole('textbox', { name: 'Goal' }).focus();
    await page.keyboard.type(GOAL);
    await page.keyboard.press('Enter');
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.keyboard.press('Control+k');
    await page
      .getByRole('combobox')
      .or(page.getByPlaceholder(/Find a command/))
      .first()
      .waitFor();
    await page.keyboard.type('all runs');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
  });

  play('looks-fair', async (stage) => {
    const page = stage.seat.page();
    await page.getByRole('heading', { name: 'What should we work on?' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await openFolder(stage, await smallFolder(stage.work));
    await verifiedRun(page);
    expect(await seriousFaults(page)).toEqual([]);
  });
});

/** Writes over the middle of a file, as a failing disk would. */
async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    // One page may hold nothing: of three, one holds events.
    for (const part of [1 / 4, 1 / 2, 3 / 4])
      await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, Math.floor((size * part) / 4096) * 4096);
  } finally {
    await file.close();
  }
}

async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
