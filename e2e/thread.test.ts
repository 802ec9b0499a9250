import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { root } from '../infra/launch/place.mjs';
import { writeSources } from './bench/part/sources.ts';
import { PACKAGE_NAMES, unpack } from './folders.ts';
import { openFolder, play, startGoal } from './play.ts';
import { soma } from './seat.ts';

const GOAL = 'Explain this folder';

/** A small folder whose every line is known here. */
async function smallFolder(work: string): Promise<string> {
  const folder = join(work, 'small');
  await mkdir(folder);
  await writeFile(join(folder, 'README.md'), '# Small\n\nA folder with two files to read.\n');
  await writeFile(
    join(folder, 'package.json'),
    '{\n  "name": "small",\n  "version": "3.2.1",\n  "main": "main.js"\n}\n',
  );
  await writeFile(
    join(folder, 'main.js'),
    "import { part } from './part.js';\n\nexport function main() {\n  return part();\n}\n",
  );
  await writeFile(join(folder, 'part.js'), 'export function part() {\n  return 1;\n}\n');
  return folder;
}

describe('the thread', () => {
  play('first-minute', async (stage) => {
    const page = stage.seat.page();
    await page.getByRole('heading', { name: 'What should we work on?' }).waitFor();
    await openFolder(stage, await smallFolder(stage.work));
    await startGoal(page, GOAL);
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.getByText('Version 3.2.1').first().waitFor();
    await page.getByText('A folder with two files to read.').first().waitFor();
    await page.getByRole('button', { name: 'Fit the board' }).click();
    for (const card of [
      'What it is',
      'What is here',
      'How the parts depend on each other',
      'Where to start reading',
    ]) {
      await page.getByText(card, { exact: true }).first().waitFor();
    }
    const runs = await soma(['runs', '--json'], stage.seat.data);
    expect(JSON.parse(runs.stdout)).toMatchObject([{ phase: 'verified', goal: GOAL }]);
  });

  play('citation-opens', async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, await smallFolder(stage.work));
    await startGoal(page, GOAL);
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Open package.json:3' }).first().click();
    await page
      .getByRole('heading', { name: /package\.json/ })
      .or(page.getByLabel(/package\.json/))
      .first()
      .waitFor();
    await expect
      .poll(() => page.locator('.view-lines').first().textContent(), { timeout: 20_000 })
      .toContain('3.2.1');
  });

  play('explain-languages', async (stage) => {
    const page = stage.seat.page();
    const folders = await Promise.all(PACKAGE_NAMES.map(unpack));
    try {
      await openFolder(stage, folders[0]?.path ?? '');
      await startGoal(page, GOAL);
      await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
      await page.getByText('queue.js is imported by 6 files').first().waitFor();
      for (const folder of [...folders.slice(1).map(({ path }) => path), root]) {
        const said = await soma(['run', GOAL, '--folder', folder, '--approve', 'never'], stage.seat.data);
        expect(said.code, said.stderr).toBe(0);
      }
      await expect
        .poll(() => page.getByRole('button', { name: new RegExp(GOAL) }).count())
        .toBeGreaterThanOrEqual(4);
    } finally {
      await Promise.all(folders.map(({ remove }) => remove()));
    }
  });

  play('kill-resume', async (stage) => {
    const folder = join(stage.work, 'many');
    await writeSources(folder, 2000);
    await openFolder(stage, folder);
    await startGoal(stage.seat.page(), GOAL);
    await stage.seat
      .page()
      .getByText(/\d running/)
      .first()
      .waitFor();
    await stage.seat.kill();
    const page = await stage.seat.come();
    await page
      .getByText(/was cut off at/)
      .first()
      .waitFor();
    await page
      .getByRole('button', { name: /^Resume/ })
      .first()
      .click();
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 60_000 });
    expect(await page.getByText(/was cut off at/).count()).toBe(0);
  });

  play('close-stop', async (stage) => {
    const folder = join(stage.work, 'many');
    await writeSources(folder, 2000);
    await openFolder(stage, folder);
    await startGoal(stage.seat.page(), GOAL);
    await stage.seat
      .page()
      .getByText(/\d running/)
      .first()
      .waitFor();
    await stage.seat.leave();
    const page = await stage.seat.come();
    await page
      .getByText(/was paused at/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Stop the run' }).first().click();
    await page.getByText('Stopped', { exact: true }).first().waitFor();
  });

  play('folder-gone', async (stage) => {
    const page = stage.seat.page();
    const folder = await smallFolder(stage.work);
    await openFolder(stage, folder);
    const moved = join(stage.work, 'moved');
    await rename(folder, moved);
    await startGoal(page, GOAL);
    await page.getByText('FOLDER_GONE').first().waitFor();
    await stage.seat.answerDialog(moved);
    await page.getByRole('button', { name: 'Find the folder' }).first().click();
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
  });
});
