import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import { expect } from 'vitest';
import { addScriptedModel } from './own-model.ts';
import { openFolder, play, startGoal } from './play.ts';

const GOAL = 'Advise me on moonless nights and the oil of the lantern';

const read = { id: 'read', title: 'Read the rules', tool: 'read_file', after: [] };
const oil = { text: 'It burns rape oil.', path: 'keeper.md', line: 3, quote: 'It burns rape oil.' };
const words = {
  text: 'Trim the wick twice a night, once when the watch begins and once when half of it has passed.',
  path: null,
  line: null,
  quote: null,
};
const student = examStudent();

/** Says a plan and an answer for a goal; any other question is one of the examination. */
function said(asked: string): ReturnType<typeof student> {
  const pace = { pace: 60, wait: 150 };
  if (asked.includes('"name":"plan"'))
    return { text: JSON.stringify({ tasks: [{ ...read, arguments: { path: 'keeper.md' } }] }), ...pace };
  if (asked.includes('"name":"answer"'))
    return {
      text: JSON.stringify({ lines: [oil, words], missing: 'Nothing says when the moon is new.', tasks: [] }),
      ...pace,
    };
  return student(asked);
}

play('free-goal', async (stage) => {
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
      const stream = page.getByRole('region', { name: 'Tool stream' });
      await stream.getByText('in its words:').and(page.locator(':visible')).first().waitFor();
    }
    await page.getByText('keeper.md:3').first().waitFor();
    await page.getByText('Trim the wick twice').first().waitFor();
    await page.getByText('Verified', { exact: true }).first().waitFor();
    expect(server.asked.filter(({ path }) => path === '/v1/chat/completions').length).toBeGreaterThan(8);
  } finally {
    await server.close();
  }
});
