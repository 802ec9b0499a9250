import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { nameServer, openModels } from './own-model.ts';
import { openFolder, play, startGoal } from './play.ts';

const MODEL = 'scripted-1';
const GOAL = 'Advise me on moonless nights and the oil of the lantern';
const student = examStudent();

const read = { id: 'read', title: 'Read the rules', tool: 'read_file', after: [] };
const oil = { text: 'It burns rape oil.', path: 'keeper.md', line: 3, quote: 'It burns rape oil.' };
const dusk = { text: 'At dusk.', path: 'keeper.md', line: 2, quote: 'Light the lantern at dusk.' };
const REPLY = 'At **dusk**, see keeper.md:2.\n\n| Lantern | Oil |\n|---|---|\n| keeper | rape |';

/** Says a plan, an answer and a reply word by word; any other question is one of the examination. */
function said(asked: string): ReturnType<typeof student> {
  const pace = { pace: 60, wait: 150 };
  if (asked.includes('"name":"reply"'))
    return { text: JSON.stringify({ reply: REPLY, lines: [dusk], tasks: [] }), ...pace };
  if (asked.includes('"name":"plan"'))
    return { text: JSON.stringify({ tasks: [{ ...read, arguments: { path: 'keeper.md' } }] }) };
  if (asked.includes('"name":"answer"'))
    return { text: JSON.stringify({ lines: [oil], missing: null, tasks: [] }) };
  return student(asked);
}

play('talk', async (stage) => {
  const { seat, work } = stage;
  await writeFile(join(work, 'keeper.md'), '# The keeper\nLight the lantern at dusk.\nIt burns rape oil.\n');
  const server = await new ScriptedEndpoint({ otherwise: said }).open();
  try {
    const page = seat.page();
    await openFolder(stage, work);
    await addModel(page, server.address);
    await page.getByRole('textbox', { name: 'Goal' }).fill(GOAL);
    await page.getByText('No plan fits; your model works it out').waitFor();
    await startGoal(page, GOAL);
    for (const task of ['Think of a plan', 'Answer']) {
      await page
        .getByText(`${task}: needs you`)
        .or(page.getByText('Let this run ask scripted-1'))
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Approve once' }).first().click();
    }
    await page.getByText('Verified', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Talk', exact: true }).first().click();
    await page.getByRole('textbox', { name: 'What you say' }).fill('When is it lit?');
    await page.keyboard.press('Enter');
    const talk = page.getByRole('complementary', { name: 'Talk' });
    await talk.getByRole('button', { name: 'Approve once' }).click();
    await talk.getByRole('button', { name: 'Stop the reply' }).waitFor();
    await talk.locator('strong', { hasText: 'dusk' }).waitFor();
    await talk.getByText('1 of 1 quote holds').waitFor();
    await talk.getByRole('button', { name: 'Open keeper.md:2' }).click();
    await page.getByRole('region', { name: 'File keeper.md' }).waitFor();
    await talk.getByRole('button', { name: 'Pin to board' }).click();
    await page.locator('.react-flow__node[data-id]:focus').filter({ hasText: 'dusk' }).waitFor();
    expect(await talk.getByRole('table').count()).toBe(1);
  } finally {
    await server.close();
  }
});

async function addModel(page: Page, address: string): Promise<void> {
  await openModels(page);
  await nameServer(page, address, null);
  await page.getByRole('combobox', { name: 'Name of the model' }).fill(MODEL);
  await page.keyboard.press('Enter');
  const kinds = page.getByRole('region', { name: 'What it is given' });
  await kinds.getByText('Given', { exact: true }).nth(2).waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Reading / })
    .click();
}
