import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { play } from './play.ts';

const KEY = 'key-of-this-test';
const MODEL = 'scripted-1';

play('added-model', async ({ seat }) => {
  const server = await new ScriptedEndpoint({
    key: KEY,
    otherwise: examStudent({ wrong: ['tool-choice'], more: { wait: 60 } }),
  }).open();
  try {
    const page = seat.page();
    await openModels(page);
    await page.getByText('No model was added').waitFor();
    await add(page, server);
    await page.getByRole('heading', { name: 'Test this model' }).waitFor();
    await page.getByRole('progressbar').waitFor();
    await tested(page);
    // What was sent was asked with the key, and none of it is of a folder.
    expect(server.asked.length).toBeGreaterThan(8);
    await seat.leave();
    const again = await seat.come();
    await openModels(again);
    const row = again.getByRole('listitem', { name: MODEL });
    await row.getByText('Its key went with the last session').waitFor();
    await row.getByText(/Chooses the right tool, 0 of 3/).waitFor();
    await row.getByRole('button', { name: `Result of testing ${MODEL}` }).click();
    await tested(again);
    const before = server.asked.length;
    await again.getByRole('button', { name: 'Paste a key' }).click();
    await again.getByLabel('Key', { exact: true }).fill(KEY);
    await again.keyboard.press('Enter');
    await again.getByRole('button', { name: 'Test again' }).click();
    await again.getByRole('progressbar').waitFor();
    await again.getByRole('button', { name: 'Stop', exact: true }).click();
    await again.getByRole('button', { name: 'Test again' }).waitFor();
    expect(server.asked.length).toBeGreaterThan(before);
    await tested(again);
  } finally {
    await server.close();
  }
});

async function openModels(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
}

/** Types the address and the key by hand, has the server say its list, and takes a name from it by keys. */
async function add(page: Page, server: ScriptedEndpoint): Promise<void> {
  await page.getByRole('button', { name: 'Add a model' }).click();
  await page.getByLabel('Server or service', { exact: true }).press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'other' }).press('Enter');
  await page.getByLabel('Address', { exact: true }).fill(server.address);
  await page.getByLabel('Key', { exact: true }).fill(KEY);
  await page.getByText(/kept for this session only/).waitFor();
  expect(server.asked).toEqual([]);
  await page.getByRole('button', { name: 'Ask for its list' }).press('Enter');
  await page.getByRole('option', { name: MODEL }).waitFor();
  await page.getByRole('combobox', { name: 'Name of the model' }).press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(server.asked.map(({ path }) => path)).toEqual(['/v1/models']);
  await page.keyboard.press('Enter');
}

/** What the screen says when the test is over: three parts passed, one not, and so no plans. */
async function tested(page: Page): Promise<void> {
  const parts = page.getByRole('region', { name: 'The examination' });
  await parts
    .getByRole('listitem', { name: 'Chooses the right tool' })
    .getByText(/^Not passed/)
    .waitFor();
  expect(await parts.getByText(/^Passed, /).count()).toBe(3);
  const kinds = page.getByRole('region', { name: 'What it is given' });
  await kinds.getByText('It did not pass: Chooses the right tool.').waitFor();
  expect(await kinds.getByText('Given', { exact: true }).count()).toBe(2);
  const known = page.getByRole('region', { name: 'What is known of it' });
  expect(await known.getByText('unknown', { exact: true }).count()).toBe(4);
  const measured = page.getByRole('region', { name: 'Measured' });
  await measured
    .getByText(/^\d+(\.\d+)? m?s$/)
    .first()
    .waitFor();
}
