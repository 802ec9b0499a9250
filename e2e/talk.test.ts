import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import { expect } from 'vitest';
import { addScriptedModel } from './own-model.ts';
import { openFolder, play, startGoal } from './play.ts';

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
    await addScriptedModel(page, server);
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
