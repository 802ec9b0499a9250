import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { MODEL, nameServer, openModels, ownModel, takeFirst } from './own-model.ts';
import { play } from './play.ts';

const KEY = 'key-of-this-test';

play('added-model', async ({ seat }) => {
  const server = await ownModel({ key: KEY, wrong: ['tool-choice'], more: { wait: 60 } });
  try {
    const page = seat.page();
    await openModels(page);
    await page.getByText('No model was added').waitFor();
    await nameServer(page, server.address, KEY);
    await page.getByText(/kept for this session only/).waitFor();
    expect(server.asked).toEqual([]);
    await takeFirst(page);
    await page.getByRole('heading', { name: 'Test this model' }).waitFor();
    await page.getByRole('progressbar').waitFor();
    await tested(page);
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

/** What the screen says when the test is over: three parts passed, one not, and so no plans. */
async function tested(page: Page): Promise<void> {
  const parts = page.getByRole('region', { name: 'The examination' });
  await parts
    .getByRole('listitem', { name: 'Chooses the right tool' })
    .getByText(/^Not passed/)
    .waitFor();
  await expect.poll(() => parts.getByText(/^Passed, /).count()).toBe(3);
  const kinds = page.getByRole('region', { name: 'What it is given' });
  await kinds.getByText('It did not pass: Chooses the right tool.').waitFor();
  expect(await kinds.getByText('Given', { exact: true }).count()).toBe(3);
  const known = page.getByRole('region', { name: 'What is known of it' });
  expect(await known.getByText('unknown', { exact: true }).count()).toBe(4);
  const measured = page.getByRole('region', { name: 'Measured' });
  await measured
    .getByText(/^\d+(\.\d+)? m?s$/)
    .first()
    .waitFor();
}
