import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { openFolder, play, startGoal } from './play.ts';

/** A small project with one test that fails. */
async function project(work: string): Promise<string> {
  const folder = join(work, 'project');
  await mkdir(folder);
  const scripts = { test: 'node --test' };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ name: 'project', scripts }, null, 2)}\n`);
  await writeFile(join(folder, 'queue.js'), 'export function makeQueue(limit) {\n  return { limit };\n}\n');
  await writeFile(
    join(folder, 'queue.test.js'),
    "const test = require('node:test');\ntest('the queue has no limit', () => {\n  throw new Error('it has one');\n});\n",
  );
  await writeFile(
    join(folder, 'README.md'),
    '# Project\n\nThe retry timeout is set to 250 ms in `makeQueue`.\n',
  );
  return folder;
}

/** Allows what is asked, with one press. */
async function allow(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /Approve once/ })
    .first()
    .click();
}

describe('hands', () => {
  play('rename-undo', async (stage) => {
    const page = stage.seat.page();
    const folder = await project(stage.work);
    const queue = () => readFile(join(folder, 'queue.js'), 'utf8');
    const before = await queue();
    await openFolder(stage, folder);
    await page.getByRole('textbox', { name: 'Goal' }).fill('rename makeQueue to createQueue');
    await page.getByText('Plan: change-text').first().waitFor();
    await page.getByRole('textbox', { name: 'Goal' }).press('Enter');
    await page.getByRole('heading', { name: 'Let this run change 2 lines in 2 files?' }).first().waitFor();
    expect(await queue()).toBe(before);
    await allow(page);
    await page
      .getByRole('heading', { name: /Let this run start a command/ })
      .first()
      .waitFor();
    expect(await queue()).toContain('function createQueue(limit)');
    await page.getByRole('button', { name: 'Reject' }).first().click();
    await page.getByText('Verified', { exact: true }).first().waitFor();
    await page.getByText('The check was not allowed, so the change was not tested.').first().waitFor();
    await page.getByRole('button', { name: 'Undo run' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo run' }).click();
    await page.getByText('2 files have the old text again').first().waitFor();
    expect(await queue()).toBe(before);
  });

  play('run-checks', async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, await project(stage.work));
    await startGoal(page, 'run the tests');
    await page
      .getByRole('heading', { name: /Let this run start a command/ })
      .first()
      .waitFor();
    await page.getByText('your own rights').first().waitFor();
    await allow(page);
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 60_000 });
    await page.getByText('npm test ended with exit 1').first().waitFor();
    await page.getByText('Failed: the queue has no limit').first().waitFor();
  });

  play('offered-check', async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, await project(stage.work));
    await startGoal(page, 'explain this folder');
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Run npm test' }).click();
    await page
      .getByRole('heading', { name: /Let this run start a command/ })
      .first()
      .waitFor();
    await allow(page);
    await page.getByText('npm test ended with exit 1').first().waitFor({ timeout: 60_000 });
  });

  play('answer-together', async (stage) => {
    const page = stage.seat.page();
    const folder = await project(stage.work);
    await openFolder(stage, folder);
    await startGoal(page, 'rename makeQueue to createQueue');
    await page.getByRole('heading', { name: 'Let this run change 2 lines in 2 files?' }).first().waitFor();
    await page.getByRole('textbox', { name: 'Goal' }).fill('run the tests');
    await page.getByRole('textbox', { name: 'Goal' }).press('Enter');
    await page.getByRole('button', { name: '2 approvals wait' }).first().click();
    await page.getByRole('listbox', { name: 'Approvals' }).getByRole('option').nth(1).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    const together = page.getByRole('region', { name: 'Let 2 runs make these 2 calls?' });
    await together.getByText('2 lines in 2 files and 1 command').waitFor();
    await together.getByText('1 of 2 cannot be undone: 1 command.').waitFor();
    expect(await readFile(join(folder, 'queue.js'), 'utf8')).toContain('makeQueue');
    await page.getByRole('button', { name: 'Approve 2 once' }).click();
    await expect
      .poll(() => readFile(join(folder, 'queue.js'), 'utf8'), { timeout: 30_000 })
      .toContain('createQueue');
    await page.getByRole('button', { name: 'Reading project' }).first().click();
    await page.getByText('npm test ended with exit 1').first().waitFor({ timeout: 60_000 });
  });

  play('standing-folder', async (stage) => {
    const page = stage.seat.page();
    const folder = join(stage.work, 'notes');
    await mkdir(folder);
    await writeFile(join(folder, 'queue.txt'), 'makeQueue takes a limit.\n');
    const queue = () => readFile(join(folder, 'queue.txt'), 'utf8');
    const asked = page.getByRole('heading', { name: 'Let this run change 1 line in queue.txt?' }).first();
    await openFolder(stage, folder);
    await startGoal(page, 'rename makeQueue to createQueue');
    await asked.waitFor();
    await page.getByRole('button', { name: 'Open in Approvals' }).first().click();
    await page.getByRole('radio', { name: 'This folder until' }).click();
    await page.getByRole('button', { name: /^Approve until / }).click();
    await expect.poll(queue, { timeout: 30_000 }).toContain('createQueue');
    await page.getByText('Runs in notes do this without asking, for as long as it stands:').waitFor();
    await page.getByRole('button', { name: 'Reading notes' }).first().click();
    await startGoal(page, 'rename createQueue to makeQueue');
    await expect.poll(queue, { timeout: 30_000 }).toContain('makeQueue');
    expect(await asked.count()).toBe(0);
    await page.getByRole('button', { name: 'Settings' }).first().click();
    await page.getByRole('button', { name: 'Revoke replace_text in notes' }).click();
    await page.getByText('There are none: whatever writes').waitFor();
    await page.keyboard.press('Escape');
    await startGoal(page, 'rename makeQueue to createQueue');
    await asked.waitFor();
    expect(await queue()).toContain('makeQueue');
  });

  play('find-answer', async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, await project(stage.work));
    await startGoal(page, 'where is the retry timeout set?');
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Open README.md:3' }).first().click();
    await page.locator('.view-lines').getByText('retry timeout').first().waitFor();
  });
});
