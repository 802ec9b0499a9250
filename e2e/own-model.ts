import { examStudent, type StudentOptions } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import type { Page } from 'playwright-core';

// A model server that speaks the real protocol on loopback and follows a script: it passes the examination by patterns of its questions,
// plans one task, and answers with a line of fastq 1.20.3 and a sentence that stands in no file.

export const MODEL = 'scripted-1';
/** No packaged plan is near it. */
export const FREE_GOAL = 'Advise me on the terms that moonless lanterns borrow';

const look = {
  id: 'terms',
  title: 'Read the terms',
  tool: 'read_file',
  arguments: { path: 'LICENSE' },
  after: [],
};
const ANSWER = {
  lines: [
    {
      text: 'It may be used for any purpose, with or without fee.',
      path: 'LICENSE',
      line: 3,
      quote: 'Permission to use, copy, modify, and/or distribute this software for any',
    },
    { text: 'Keep the notice with every copy you pass on.', path: null, line: null, quote: null },
  ],
  missing: null,
  tasks: [],
};

const REPLY = [
  'Yes, for **any purpose**, with or without fee (LICENSE:3). Two things follow:',
  '',
  '| you may | you must |',
  '|---|---|',
  '| use and sell it | keep the notice |',
  '| change it | name nobody as liable |',
].join('\n');

/** The server, open. `pace` are milliseconds between two words of an answer in a run. */
export async function ownModel({
  pace = 0,
  key = null,
  ...exam
}: StudentOptions & {
  readonly pace?: number;
  readonly key?: string | null;
} = {}): Promise<ScriptedEndpoint> {
  const student = examStudent(exam);
  const otherwise = (words: string) => {
    const turn = /"name":"(?<kind>plan|answer|reply)"/.exec(words)?.groups?.['kind'];
    if (turn === undefined) return student(words);
    if (turn === 'reply')
      return { text: JSON.stringify({ reply: REPLY, lines: ANSWER.lines.slice(0, 1), tasks: [] }), pace };
    return { text: JSON.stringify(turn === 'plan' ? { tasks: [look] } : ANSWER), pace };
  };
  return new ScriptedEndpoint({ key, otherwise, models: { [MODEL]: {}, 'scripted-2': {} } }).open();
}

/** Opens the page of models from the sidebar. */
export async function openModels(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
}

/** Begins to add a model of a server by its address, as far as its name. */
export async function nameServer(page: Page, address: string, key: string | null): Promise<void> {
  await page.getByRole('button', { name: 'Add a model' }).click();
  await page.getByLabel('Server or service', { exact: true }).press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'other' }).press('Enter');
  await page.getByLabel('Address', { exact: true }).fill(address);
  if (key !== null) await page.getByLabel('Key', { exact: true }).fill(key);
}

/** Has the server say its list, takes its first model by keys, and adds it. */
export async function takeFirst(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ask for its list' }).press('Enter');
  await page.getByRole('option', { name: MODEL }).waitFor();
  await page.getByRole('combobox', { name: 'Name of the model' }).press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
}

/** Adds the server's model, waits until it has passed its test, and goes back to the board. */
export async function addScriptedModel(page: Page, server: ScriptedEndpoint): Promise<void> {
  await openModels(page);
  await nameServer(page, server.address, null);
  await page.getByRole('combobox', { name: 'Name of the model' }).fill(MODEL);
  await page.keyboard.press('Enter');
  const kinds = page.getByRole('region', { name: 'What it is given' });
  await kinds.getByText('Given', { exact: true }).nth(3).waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Reading / })
    .click();
}
