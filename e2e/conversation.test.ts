import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import { expect } from 'vitest';
import { addScriptedModel } from './own-model.ts';
import { openFolder, play, startGoal } from './play.ts';

const dusk = { text: 'It is lit at dusk.', path: 'keeper.md', line: 2, quote: 'Light the lantern at dusk.' };
const student = examStudent();

/** Replies in Markdown, with the place of what it says; any other question is one of the examination. */
function said(asked: string): ReturnType<typeof student> {
  if (!asked.includes('"name":"reply"')) return student(asked);
  const isSlow = asked.includes('Tell me at length');
  const reply = isSlow ? 'Once upon a time '.repeat(40) : 'It is lit at **dusk**, as keeper.md:2 says.';
  return {
    text: JSON.stringify({ reply, lines: isSlow ? [] : [dusk], tasks: [] }),
    pace: isSlow ? 400 : 30,
  };
}

const GOAL = 'Advise me on moonless nights and the oil of the lantern';
const read = { id: 'read', title: 'Read the rules', tool: 'read_file', after: [] };
const oil = { text: 'It burns rape oil.', path: 'keeper.md', line: 3, quote: 'It burns rape oil.' };
const TABLE = 'At **dusk**, see keeper.md:2.\n\n| Lantern | Oil |\n|---|---|\n| keeper | rape |';

/** Says a plan, an answer and a reply word by word; any other question is one of the examination. */
function planned(asked: string): ReturnType<typeof student> {
  const pace = { pace: 60, wait: 150 };
  if (asked.includes('"name":"reply"'))
    return { text: JSON.stringify({ reply: TABLE, lines: [dusk], tasks: [] }), ...pace };
  if (asked.includes('"name":"plan"'))
    return { text: JSON.stringify({ tasks: [{ ...read, arguments: { path: 'keeper.md' } }] }) };
  if (asked.includes('"name":"answer"'))
    return { text: JSON.stringify({ lines: [oil], missing: null, tasks: [] }) };
  return student(asked);
}

play('conversation', async (stage) => {
  const { seat, work } = stage;
  await writeFile(join(work, 'keeper.md'), '# The keeper\nLight the lantern at dusk.\nIt burns rape oil.\n');
  const server = await new ScriptedEndpoint({ otherwise: said }).open();
  try {
    const page = seat.page();
    await openFolder(stage, work);
    await addScriptedModel(page, server);
    await startGoal(page, 'rename lantern to lamp');
    await page.getByRole('button', { name: 'Approve once' }).first().waitFor();
    await page.getByRole('button', { name: 'Talk about the run' }).first().click();
    const field = page.getByRole('textbox', { name: 'What you say' });
    await field.fill('When is it lit?');
    await field.press('Enter');
    const talk = page.getByRole('log', { name: 'What was said' });
    // Nobody knows what the model costs: the question stands where the reply will.
    await talk.getByRole('button', { name: /^Approve once/ }).click();
    await talk.getByText('1 of 1 quote holds').waitFor();
    await talk.getByText('dusk', { exact: true }).waitFor();
    await talk.getByRole('button', { name: 'Pin to board' }).click();
    await talk.getByText('Pinned').waitFor();
    await field.fill('Tell me at length');
    await field.press('Enter');
    await talk.getByRole('button', { name: /^Approve once/ }).click();
    await talk.getByText('Once upon a time').waitFor();
    await talk.getByRole('button', { name: 'Stop the reply' }).click();
    await talk.getByText('The reply was stopped.').waitFor();
    await talk.getByRole('button', { name: 'keeper.md:2' }).first().click();
    await page.getByText('It burns rape oil.').first().waitFor();
    await page.getByRole('navigation').getByRole('button', { name: 'Approvals' }).click();
    await page.getByRole('button', { name: /^Approve once/ }).click();
    await expect.poll(() => readFile(join(work, 'keeper.md'), 'utf8')).toContain('lamp');
  } finally {
    await server.close();
  }
});

play('talk', async (stage) => {
  const { seat, work } = stage;
  await writeFile(join(work, 'keeper.md'), '# The keeper\nLight the lantern at dusk.\nIt burns rape oil.\n');
  const server = await new ScriptedEndpoint({ otherwise: planned }).open();
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
