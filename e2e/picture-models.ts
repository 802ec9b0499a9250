import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import { inDark, onStage, shot } from './picture.ts';

/**
 * Adding a model, its test as it goes on and when it is over, and the list of models. The server speaks the real protocol on this
 * computer, fails one part of the examination on purpose, and is no model; its words, and so its figures, are a script's.
 */
export async function models(): Promise<void> {
  const otherwise = examStudent({ wrong: ['tool-choice'], more: { wait: 120, pace: 12 } });
  const server = await new ScriptedEndpoint({
    otherwise,
    models: { 'scripted-1': {}, 'scripted-2': {} },
  }).open();
  await onStage(async ({ seat }) => {
    const page = seat.page();
    await page.getByRole('navigation').getByRole('button', { name: 'Models' }).click();
    await page.getByRole('button', { name: 'Add a model' }).click();
    await page.getByLabel('Server or service', { exact: true }).click();
    await page.getByRole('menuitemcheckbox', { name: 'other' }).click();
    await page.getByLabel('Address', { exact: true }).fill(server.address);
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
