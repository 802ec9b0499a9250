import { fault } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { useView } from '../../client/index.ts';
import { fastqRun } from '../../testing/recorded-run.ts';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { FirstMinute } from './first-minute.tsx';
import { GoalBox } from './goal-box.tsx';
import { OpenFolderDialog } from './open-folder-dialog.tsx';

const explain = {
  name: 'explain-folder',
  title: 'Explain this folder',
  description: 'What it is.',
  score: 0.8,
  near: true,
  fits: true,
  by: 'words' as const,
  filled: {},
  needsModel: false,
  own: false,
  slots: [],
};
const find = {
  ...explain,
  name: 'find-text',
  title: 'Find a text',
  score: 0.4,
  near: false,
  fits: false,
  slots: [{ name: 'words', title: 'Words to find', required: true }],
};
const script: Script = {
  folders: [{ id: 'folder-fastq', path: '/home/mk/fastq', name: 'fastq' }],
  canvases: [{ id: 'canvas-fastq', title: 'Reading fastq', folder: 'folder-fastq' }],
  plans: [explain],
  view: { files: 14, more: false, languages: [{ name: 'JavaScript', files: 7 }] },
};
const field = () => page.getByRole('textbox', { name: 'Goal' });
const open = (given: Script = script) =>
  show(<FirstMinute />, given, ({ view }) => given.folders && view.openCanvas('canvas-fastq'));

describe('the first minute', () => {
  it('begins in the goal field, with one filled button and what is in the folder', async () => {
    await open();
    await expect.element(field()).toHaveFocus();
    await expect
      .element(page.getByText('14 files, JavaScript. Reading is allowed.', { exact: false }))
      .toBeVisible();
    await userEvent.keyboard('explain');
    const filled = () =>
      page
        .getByRole('button')
        .elements()
        .filter((each) => each.classList.contains('bg-accent'));
    await expect.poll(() => filled().map((each) => each.textContent)).toEqual(['StartEnter']);
  });

  it('shows the plan before Enter, and starts it with Enter', async () => {
    const { host, client } = await open();
    await userEvent.keyboard('explain this folder');
    await expect.element(page.getByText('Plan: explain-folder')).toBeVisible();
    await expect.element(page.getByText('the only plan there is, needs no model')).toBeVisible();
    // Until these words are matched too, the host would be asked to match them itself.
    const words = ['match', 'explain this folder', 'folder-fastq', false];
    await expect.poll(() => client.queries.getQueryData(words)).toBeDefined();
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => host.received.length).toBe(1);
    expect(host.received[0]).toMatchObject({
      command: 'goal.submit',
      input: {
        text: 'explain this folder',
        plan: 'explain-folder',
        folder: 'folder-fastq',
        canvas: 'canvas-fastq',
      },
    });
    await expect.poll(() => client.view.getState().run).toBe(host.received[0]?.input.id);
  });

  it('offers only goals that work here, and starts one when it is chosen', async () => {
    const { host } = await open({
      ...script,
      plans: [explain, { ...explain, name: 'ask', title: 'Ask', needsModel: true }],
    });
    const good = page.getByRole('button', { name: /What it is\./ });
    await expect.poll(() => good.elements().length).toBe(1);
    await good.click();
    await expect
      .poll(() => host.received[0]?.input)
      .toMatchObject({ text: 'Explain this folder', plan: 'explain-folder' });
  });

  it('fills the field with a goal that needs values, asks for the first one, and starts when all are there', async () => {
    const rename = {
      ...find,
      name: 'change-text',
      title: 'Change a text everywhere',
      slots: [
        { name: 'from', title: 'Text to change', required: true },
        { name: 'to', title: 'What it becomes', required: true },
      ],
    };
    const { host } = await open({ ...script, plans: [explain, rename] });
    await page.getByRole('button', { name: /^Change a text everywhere/ }).click();
    await expect.element(field()).toHaveValue('Change a text everywhere');
    await expect.element(page.getByText('Plan: change-text')).toBeVisible();
    const from = page.getByLabelText('Text to change');
    await expect.element(from).toHaveFocus();
    await userEvent.keyboard('fastqueue{Enter}');
    await expect.element(page.getByLabelText('What it becomes')).toHaveFocus();
    expect(host.received).toEqual([]);
    await userEvent.keyboard('createQueue{Enter}');
    await expect
      .poll(() => host.received[0]?.input)
      .toMatchObject({ plan: 'change-text', slots: { from: 'fastqueue', to: 'createQueue' } });
  });

  it('puts the cursor into the goal for a plan that is about its words', async () => {
    const answer = {
      ...find,
      name: 'find-in-folder',
      title: 'Find it',
      slots: [{ name: 'question', title: 'What to find', required: false }],
    };
    const { host } = await open({ ...script, plans: [answer, explain] });
    const titles = () =>
      page
        .getByRole('button', { name: /What it is\./ })
        .elements()
        .map(({ textContent }) => textContent);
    await expect.poll(titles).toEqual(['Explain this folderWhat it is.', 'Find itWhat it is.']);
    await page.getByRole('button', { name: /^Find it/ }).click();
    await expect.element(field()).toHaveFocus();
    await expect.element(field()).toHaveValue('');
    expect(host.received).toEqual([]);
    await userEvent.keyboard('where is the limit?{Enter}');
    await expect
      .poll(() => host.received[0]?.input)
      .toMatchObject({ text: 'where is the limit?', plan: 'find-in-folder' });
  });

  it('begins in the path field where there is no folder and no dialog, and opens what is typed', async () => {
    const { host } = await open({ plans: [explain] });
    const path = page.getByLabelText('Path of the folder');
    await expect.element(path).toHaveFocus();
    await userEvent.keyboard('/home/mk/node-gyp{Enter}');
    await expect
      .poll(() => host.received.map(({ command }) => command))
      .toEqual(['folder.grant', 'canvas.create']);
    expect(host.received[1]?.input).toMatchObject({ title: 'Reading node-gyp' });
  });

  it('says in place why a folder did not open, and keeps what was typed', async () => {
    const refused = { 'folder.grant': fault('FOLDER_NOT_A_FOLDER', { path: '/etc/hosts' }) };
    await open({ plans: [explain], refused });
    await userEvent.keyboard('/etc/hosts{Enter}');
    await expect.element(page.getByRole('alert')).toBeVisible();
    await expect.element(page.getByText('/etc/hosts is not a folder')).toBeVisible();
    await expect.element(page.getByLabelText('Path of the folder')).toHaveValue('/etc/hosts');
  });

  it('says in place why a goal was refused, and keeps its words', async () => {
    await open({
      ...script,
      refused: { 'goal.submit': fault('PLAN_NOT_MATCHED', { known: ['explain-folder'] }) },
    });
    await userEvent.keyboard('make tea{Enter}');
    await expect.element(page.getByText('No plan fits this goal')).toBeVisible();
    await expect.element(page.getByText('There are: explain-folder.', { exact: false })).toBeVisible();
    await expect.element(field()).toHaveValue('make tea');
  });

  it('takes the refusal back as soon as something else is typed', async () => {
    await open({
      ...script,
      refused: { 'goal.submit': fault('PLAN_NOT_MATCHED', { known: ['explain-folder'] }) },
    });
    await userEvent.keyboard('make tea{Enter}');
    await expect.element(page.getByText('No plan fits this goal')).toBeVisible();
    await userEvent.keyboard('!');
    await expect.element(page.getByText('No plan fits this goal')).not.toBeInTheDocument();
  });
});

function OnOpenBoard() {
  return <FirstMinute key={useView(({ canvas }) => canvas)} />;
}

describe('what is typed as a goal', () => {
  it('stays when another board takes the place of the one it was typed on', async () => {
    const canvases = [
      ...(script.canvases ?? []),
      { id: 'canvas-2', title: 'Second', folder: 'folder-fastq' },
    ];
    const { client } = await show(<OnOpenBoard />, { ...script, canvases }, ({ view }) =>
      view.openCanvas('canvas-fastq'),
    );
    await field().fill('explain this folder');
    client.view.openCanvas('canvas-2');
    await expect.element(field()).toHaveFocus();
    await expect.element(field()).toHaveValue('explain this folder');
  });
});

describe('the goal box', () => {
  const box = (given: Script = script) =>
    show(<GoalBox />, given, ({ view }) => view.openCanvas('canvas-fastq'));

  it('asks for the values a plan needs, and sends them', async () => {
    const { host } = await box({ ...script, plans: [{ ...find, fits: true }] });
    await field().fill('find a text');
    const slot = page.getByLabelText('Words to find');
    await slot.fill('concurrency');
    await userEvent.keyboard('{Enter}');
    await expect
      .poll(() => host.received[0]?.input)
      .toMatchObject({ plan: 'find-text', slots: { words: 'concurrency' } });
  });

  it('follows the plan a person chose, whatever matches best', async () => {
    const { host } = await box({ ...script, plans: [explain, find] });
    await page.getByRole('button', { name: 'Plan: automatic' }).click();
    await page.getByRole('menuitemcheckbox', { name: /Find a text/ }).click();
    await expect.element(page.getByText('chosen by you, needs no model')).toBeVisible();
    await field().fill('explain');
    await page.getByLabelText('Words to find').fill('x');
    await field().click();
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => host.received[0]?.input).toMatchObject({ plan: 'find-text' });
  });

  it('is two rows when idle and one line while a run works', async () => {
    const { client } = await box({ ...script, runs: [fastqRun.slice(0, 40)] });
    await expect.element(page.getByText('Enter to start')).toBeVisible();
    client.view.showRun('run-fastq');
    await expect.element(page.getByText('Enter to start')).not.toBeInTheDocument();
    expect(page.getByRole('region', { name: 'New goal' }).element().getBoundingClientRect().height).toBe(44);
  });

  it('lets a person type on, where the cursor stood, when a run begins or ends meanwhile', async () => {
    const { client } = await box({ ...script, runs: [fastqRun.slice(0, 40)] });
    await field().click();
    await userEvent.keyboard('explain ths{ArrowLeft}');
    client.view.showRun('run-fastq');
    await expect.element(page.getByText('Enter to start')).not.toBeInTheDocument();
    await userEvent.keyboard('i');
    await expect.element(field()).toHaveValue('explain this');
    client.view.showRun(null);
    await expect.element(page.getByText('Enter to start')).toBeVisible();
    await expect.element(field()).toHaveFocus();
  });

  it('asks which is meant where two plans are near, and chooses neither', async () => {
    await box({
      ...script,
      plans: [
        { ...explain, fits: false },
        { ...find, near: true },
      ],
    });
    await field().fill('explain where it is');
    await expect
      .element(page.getByText('Which is meant: Explain this folder, Find a text? Choose one.'))
      .toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Plan: automatic' })).toBeVisible();
  });

  it('asks whether the only plan that is near is meant', async () => {
    await box({ ...script, plans: [{ ...explain, fits: false }, find] });
    await field().fill('what may this be');
    await expect
      .element(page.getByText('Is Explain this folder meant? Choose it, or rephrase.'))
      .toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Plan: automatic' })).toBeVisible();
  });

  it('says quietly where a plan was matched by meaning, and in the menu which plans are a person made', async () => {
    const plans = [
      { ...explain, by: 'meaning' as const },
      { ...find, own: true },
    ];
    await box({ ...script, plans });
    await field().fill('what does all of it do');
    await expect.element(page.getByText('best match of 2 by meaning, needs no model')).toBeVisible();
    await page.getByRole('button', { name: 'Plan: explain-folder' }).click();
    await expect.element(page.getByText('find-text, your own')).toBeVisible();
  });

  it('shows what the goal itself says of the plan, to be corrected before it starts', async () => {
    const { host } = await box({
      ...script,
      plans: [{ ...find, fits: true, filled: { words: 'concurency' } }],
    });
    await field().fill('find the text concurency');
    const slot = page.getByLabelText('Words to find');
    await expect.element(slot).toHaveValue('concurency');
    await slot.fill('concurrency');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => host.received[0]?.input).toMatchObject({ slots: { words: 'concurrency' } });
  });

  it('starts nothing when nothing is typed', async () => {
    const { host } = await box();
    await field().click();
    await userEvent.keyboard('  {Enter}');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(host.received).toEqual([]);
  });
});

describe('the dialog that opens a folder', () => {
  it('opens a recent folder on its own canvas', async () => {
    const { client, host } = await show(<OpenFolderDialog />, script, ({ view }) =>
      view.setOverlay('open-folder'),
    );
    await page.getByRole('button', { name: /fastq/ }).click();
    await expect.poll(() => client.view.getState().canvas).toBe('canvas-fastq');
    expect(host.received.map(({ command }) => command)).toEqual(['folder.grant']);
    expect(client.view.getState().overlay).toBeNull();
  });
});
