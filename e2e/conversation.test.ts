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
