import type { Page } from 'playwright-core';
import { unpack } from './folders.ts';
import { FREE_GOAL, nameServer, openModels, ownModel, takeFirst } from './own-model.ts';
import { inDark, onStage, shot } from './picture.ts';
import { openFolder, startGoal } from './play.ts';

/**
 * Adding a model, its test as it goes on and when it is over, and the list of models. The server speaks the real protocol on this
 * computer, fails one part of the examination on purpose, and is no model; its words, and so its figures, are a script's.
 */
export async function models(): Promise<void> {
  const server = await ownModel({ wrong: ['tool-choice'], more: { wait: 120, pace: 12 } });
  await onStage(async ({ seat }) => {
    const page = seat.page();
    await openModels(page);
    await nameServer(page, server.address, null);
    await page.getByRole('button', { name: 'Ask for its list' }).click();
    await page.getByRole('option', { name: 'scripted-1' }).click();
    await shot(page, '11-add-model');
    await inDark(page, '11-add-model');
    await page.getByRole('button', { name: 'Add and test' }).click();
    await page.getByRole('progressbar', { name: /Question [3-9]/ }).waitFor();
    await shot(page, '11-model-testing');
    await page.getByRole('button', { name: 'Done' }).waitFor({ timeout: 60_000 });
    await shot(page, '11-model-test');
    await inDark(page, '11-model-test');
    await page.getByRole('button', { name: /wrong answer/ }).click();
    await shot(page, '11-model-test-wrong');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('region', { name: 'all-MiniLM-L6-v2' }).waitFor();
    await shot(page, '11-models');
    await inDark(page, '11-models');
  });
  await server.close();
}

/** A goal that no plan fits: what the model would be sent, its words as they come, and the answer with what of it was checked. */
export async function workedOut(): Promise<void> {
  const fastq = await unpack('fastq');
  const server = await ownModel({ pace: 150 });
  await onStage(async (stage) => {
    const page = stage.seat.page();
    await openFolder(stage, fastq.path);
    await openModels(page);
    await nameServer(page, server.address, null);
    await takeFirst(page);
    await page.getByRole('button', { name: 'Done' }).click({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Reading fastq' }).first().click();
    await startGoal(page, FREE_GOAL);
    const approve = page.getByRole('button', { name: 'Approve once' }).first();
    await approve.click();
    await page.getByText('Results of tasks').first().waitFor();
    await page.getByRole('button', { name: 'Open in Approvals' }).first().click();
    await page.getByText('If you approve, for how long?').first().waitFor();
    await shot(page, '04-model-turn');
    await approve.click();
    await page.getByRole('button', { name: 'Reading fastq' }).first().click();
    await page.locator('.react-flow__node-task').filter({ hasText: 'Answer' }).click();
    await page
      .getByText(/Permission to use, copy/)
      .first()
      .waitFor();
    await shot(page, '02-model-at-work');
    await page.getByText('Verified', { exact: true }).first().waitFor({ timeout: 60_000 });
    await shot(page, '03-worked-out');
    await inDark(page, '03-worked-out');
    await talk(page);
  });
  await server.close();
  await fastq.remove();
}

/** What is said to the run once it has ended: its reply as it comes, and when it is there and pinned. */
async function talk(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Talk about the run' }).first().click();
  const field = page.getByRole('textbox', { name: 'What you say' });
  await field.fill('May we sell a product that uses it?');
  await field.press('Enter');
  const said = page.getByRole('log', { name: 'What was said' });
  await said.getByRole('button', { name: /^Approve once/ }).waitFor();
  await shot(page, '02-talk-asks');
  await said.getByRole('button', { name: /^Approve once/ }).click();
  await said.getByText('you may').waitFor();
  await shot(page, '02-talk-streams');
  await said.getByText('1 of 1 quote holds').waitFor({ timeout: 60_000 });
  await said.getByRole('button', { name: 'Pin to board' }).click();
  await said.getByText('Pinned').waitFor();
  await shot(page, '02-talk');
  await inDark(page, '02-talk');
}
