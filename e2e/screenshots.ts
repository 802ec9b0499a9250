import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSources } from './bench/part/sources.ts';
import { componentPage } from './component-page.ts';
import { unpack } from './folders.ts';
import { folder, inDark, onStage, openByPalette, say, shot } from './picture.ts';
import { models, workedOut } from './picture-models.ts';
import { revisedPlan } from './picture-plan.ts';
import { openFolder, startGoal } from './play.ts';
import { newData, takeSeat } from './seat.ts';

// The pictures of docs/screens, from the product itself, each beside the target of the same name.

const GOAL = 'Explain this folder';

await mkdir(folder, { recursive: true });
const PARTS = {
  finishedRun,
  runInProgress,
  lookBack,
  revisedPlan,
  approvalAndUndo,
  together,
  models,
  workedOut,
  queueAndBackups,
  errorsAndAbsences,
  fullDisk,
  components: () => componentPage(shot),
};
// Named parts alone, or all of them.
const wanted = process.argv.slice(2);
for (const [name, part] of Object.entries(PARTS)) {
  if (wanted.length === 0 || wanted.includes(name)) await part();
}

async function finishedRun(): Promise<void> {
  const fastq = await unpack('fastq');
  await onStage(async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, fastq.path);
    await page.getByRole('textbox', { name: 'Goal' }).fill(GOAL);
    await page.getByText('Plan: explain-folder').first().waitFor();
    await shot(page, '01-first-minute');
    await page.keyboard.press('Enter');
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Tool stream' }).first().click();
    await page.getByText('npm test').first().waitFor();
    await shot(page, '03-finished-run');
    await inDark(page, '03-finished-run');
    await page.getByRole('button', { name: 'Open queue.js:7' }).first().click();
    await page.locator('.view-lines').getByText('fastqueue').first().waitFor();
    await shot(page, '03-citation');
    await page.getByRole('button', { name: 'Close the file' }).click();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('the');
    await shot(page, '08-palette');
    await page.keyboard.press('Escape');
  });
  await fastq.remove();
}

async function runInProgress(): Promise<void> {
  await onStage(async (stage) => {
    const many = join(stage.work, 'many-files');
    await writeSources(many, 6000);
    await openFolder(stage, many);
    const page = stage.seat.page();
    await startGoal(page, GOAL);
    await page
      .getByText(/[1-9] of 7 tasks verified/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.screenshot({ path: join(folder, '02-run-in-progress.png') });
    say('docs/screens/02-run-in-progress.png');
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.screenshot({ path: join(folder, '02-run-in-progress-dark.png') });
    say('docs/screens/02-run-in-progress-dark.png');
    await stage.seat.kill();
    const again = await stage.seat.come();
    await again.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await again
      .getByText(/was cut off at/)
      .first()
      .waitFor();
    await shot(again, '09-cut-off');
    await inDark(again, '09-cut-off');
    await again
      .getByRole('button', { name: /^Resume/ })
      .first()
      .click();
    await again
      .getByText(/resumed at .*, step \d/)
      .first()
      .waitFor();
    await shot(again, '09-resumed');
  });
}

/** A run looked back at, a branch of it that waits, and the two side by side. */
async function lookBack(): Promise<void> {
  const fastq = await unpack('fastq');
  await onStage(async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, fastq.path);
    await startGoal(page, GOAL);
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Look back at this run' }).click();
    await page.getByRole('slider').focus();
    for (let step = 0; step < 60; step += 1) await page.keyboard.press('ArrowLeft');
    await shot(page, '05-look-back');
    await inDark(page, '05-look-back');
    await page.getByRole('button', { name: 'Branch off here' }).click();
    await shot(page, '05-branch-off');
    await page.getByRole('button', { name: 'Branch off', exact: true }).click();
    const inspector = page.getByRole('complementary');
    await inspector.getByRole('button', { name: 'Pick where to start reading' }).click();
    await page.getByRole('button', { name: 'Edit its arguments' }).click();
    await shot(page, '05-edit-task');
    await page.getByRole('button', { name: 'Leave it out' }).click();
    await page.getByRole('button', { name: 'Resume' }).first().click();
    await page.getByText('Unverified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.locator('.react-flow__node-run').last().focus();
    await page
      .locator('.react-flow__node-run')
      .last()
      .click({ position: { x: 40, y: 60 } });
    await page.getByRole('button', { name: 'Look back at this run' }).click();
    await page.getByRole('slider').waitFor();
    await shot(page, '05-branches');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page
      .getByRole('dialog')
      .getByText(/tasks? differs?/)
      .waitFor();
    await shot(page, '05-compare');
    await inDark(page, '05-compare');
  });
  await fastq.remove();
}

/** A change of files: the question with its whole change, then what undo says it will do. */
async function approvalAndUndo(): Promise<void> {
  const fastq = await unpack('fastq');
  await onStage(async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, fastq.path);
    await page.getByRole('textbox', { name: 'Goal' }).fill('rename fastqueue to createQueue');
    await page.getByText('Plan: change-text').first().waitFor();
    await shot(page, '04-goal-with-slots');
    await page.getByRole('textbox', { name: 'Goal' }).press('Enter');
    await page.getByRole('button', { name: 'Open in Approvals' }).first().click();
    await page.getByText('If you approve, for how long?').first().waitFor();
    await shot(page, '04-approval');
    await inDark(page, '04-approval');
    await page
      .getByRole('button', { name: /Approve once/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Reading fastq' }).first().click();
    // The check that follows is another question, and not what this picture is about.
    await page
      .getByRole('heading', { name: /Let this run start a command/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Reject' }).first().click();
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Undo run' }).first().click();
    await page.getByRole('dialog').waitFor();
    await shot(page, '04-undo');
  });
  await fastq.remove();
}

/** What two runs ask at once, marked and read together. */
async function together(): Promise<void> {
  const fastq = await unpack('fastq');
  await onStage(async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, fastq.path);
    await startGoal(page, 'rename fastqueue to createQueue');
    await page.getByRole('button', { name: 'Open in Approvals' }).first().waitFor();
    await startGoal(page, 'run the tests');
    await page.getByRole('button', { name: '2 approvals wait' }).first().click();
    await page.getByRole('listbox', { name: 'Approvals' }).getByRole('option').nth(1).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('1 of 2 cannot be undone: 1 command.').waitFor();
    await shot(page, '04-together');
    await inDark(page, '04-together');
  });
  await fastq.remove();
}

/** What waits to be told on, and what is kept twice: at rest, and after each was asked for. */
async function queueAndBackups(): Promise<void> {
  const fastq = await unpack('fastq');
  await onStage(async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, fastq.path);
    await startGoal(page, GOAL);
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 30_000 });
    await openByPalette(page, 'Queue of events');
    await page.getByRole('button', { name: 'Compare and repair' }).click();
    await page.getByText(/^Nothing is missing/).waitFor({ timeout: 30_000 });
    await shot(page, '11-queue');
    await inDark(page, '11-queue');
    await page.keyboard.press('Escape');
    await openByPalette(page, 'Backups');
    await page.getByRole('button', { name: 'Back up now' }).click();
    await page.getByText(/^Backed up and proven/).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /^How to restore/ }).click();
    await shot(page, '11-backups');
    await inDark(page, '11-backups');
    await rm(`${stage.seat.data}-backups`, { recursive: true, force: true });
  });
  await fastq.remove();
}

async function errorsAndAbsences(): Promise<void> {
  await onStage(async (stage) => {
    const page = stage.seat.page();
    await page.getByRole('heading', { name: 'What should we work on?' }).waitFor();
    await page.getByRole('button', { name: 'Runs' }).first().click();
    await page.getByText('No runs yet').first().waitFor();
    await shot(page, '09-no-runs');
  });
  const fastq = await unpack('fastq');
  await onStage(async (stage) => {
    await openFolder(stage, fastq.path);
    await rename(fastq.path, `${fastq.path}-moved`);
    await startGoal(stage.seat.page(), GOAL);
    await stage.seat.page().getByText('FOLDER_GONE').first().waitFor();
    await shot(stage.seat.page(), '09-folder-gone');
  });
  await fastq.remove();
}

/** A real disk of its own that is really full. Only where one can be mounted. */
async function fullDisk(): Promise<void> {
  const data = await newData();
  const disk = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', data.path]);
  if (disk.status !== 0) {
    say('docs/screens/09-disk-full.png stays as it is: no small disk can be mounted here');
    return data.remove();
  }
  const work = await mkdtemp(join(tmpdir(), 'soma-screens-'));
  const seat = await takeSeat('window', data.path);
  try {
    const page = seat.page();
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await mkdir(join(work, 'notes'));
    await writeFile(join(work, 'notes', 'README.md'), '# Notes\n\nA few lines.\n');
    await openFolder({ seat, place: 'window', work }, join(work, 'notes'));
    await page.getByRole('textbox', { name: 'Goal' }).fill(GOAL);
    const filler = join(data.path, 'filler');
    const fill = async (left: number): Promise<void> => {
      if (left < 1024) return;
      await appendFile(filler, Buffer.alloc(left)).catch(() => fill(Math.floor(left / 2)));
    };
    await fill(48 * 1024 * 1024);
    await page.getByRole('textbox', { name: 'Goal' }).press('Enter');
    await page.getByText('DISK_FULL').first().waitFor({ timeout: 30_000 });
    await shot(page, '09-disk-full');
  } finally {
    await seat.end();
    spawnSync('umount', ['-l', data.path]);
    await data.remove();
    await rm(work, { recursive: true, force: true });
  }
}
