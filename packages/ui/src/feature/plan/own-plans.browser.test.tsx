import type { ListedPlan } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { type Locator, page, userEvent } from 'vitest/browser';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { Overlays } from '../palette/overlays.tsx';

const folder = '/home/mk/.local/share/soma-agent/plans';
const titles: ListedPlan = {
  name: 'count-titles',
  title: 'Count titles',
  description: 'Lists the lines that say Title.',
  version: '1.0.0',
  hash: 'ab'.repeat(32),
  own: true,
  path: `${folder}/count-titles.yaml`,
  rights: ['read', 'board'],
  faults: [],
};
const broken: ListedPlan = {
  ...titles,
  name: 'sort-notes',
  title: null,
  description: null,
  version: null,
  path: `${folder}/sort-notes.yaml`,
  rights: [],
  faults: [
    fault('PLAN_INVALID', { where: 'shape', what: 'version', why: 'form', line: 3 }),
    fault('TOOL_UNKNOWN', { tool: 'sort_lines', line: 12 }),
  ],
};
const packaged: ListedPlan = { ...titles, name: 'explain-folder', title: 'Explain', own: false, path: null };
const script: Script = { ownPlans: [packaged, titles, broken] };

const open = (given: Script = script) => show(<Overlays />, given, ({ view }) => view.setOverlay('plans'));
const items = () =>
  page
    .getByRole('dialog')
    .getByRole('list')
    .first()
    .getByRole('listitem')
    .elements()
    .map(({ textContent }) => textContent ?? '');
const file = (text: string | Uint8Array<ArrayBuffer>) =>
  new File([text], 'mine.yaml', { type: 'application/yaml' });
const pick = async (picked: File) => {
  await expect.poll(() => document.querySelector('input[type=file]')).not.toBeNull();
  const input = document.querySelector('input[type=file]');
  if (input !== null) await userEvent.upload(input, picked);
};
const says = (place: Locator, what: RegExp) =>
  expect
    .poll(() =>
      place
        .elements()
        .map(({ textContent }) => textContent)
        .join(),
    )
    .toMatch(what);

describe('the plans of a person', () => {
  it('are listed with what they may do, and those that cannot be used with each fault and its line', async () => {
    await open();
    await expect.element(page.getByText(/Count titles/)).toBeVisible();
    await expect.element(page.getByText(/version 1\.0\.0, may read, draw on the board/)).toBeVisible();
    await expect.element(page.getByText(/not used/)).toBeVisible();
    expect(page.getByText(/Explain/).elements()).toEqual([]);
    const wrong = items().filter((line) => line.startsWith('line'));
    expect(wrong).toEqual([
      'line 3version does not have the form it must have.PLAN_INVALID',
      'line 12The plan names sort_lines, which this version does not have.TOOL_UNKNOWN',
    ]);
  });

  it('are kept from a file that is picked', async () => {
    const { host } = await open();
    await pick(file('schema: packaged-plan.v1\n'));
    await says(page.getByRole('status'), /count-titles is kept\./);
    expect(host.received.map(({ command, input }) => [command, input['source']])).toEqual([
      ['plan.keep', 'schema: packaged-plan.v1\n'],
    ]);
  });

  it('are not kept from a file with faults, all of which are shown with their lines', async () => {
    await open({ ...script, planFaults: broken.faults });
    await pick(file('a'));
    const alert = page.getByRole('alert');
    await says(alert, /mine\.yaml is not kept: 2 things are wrong with it/);
    await says(alert, /line 3version does not have the form it must have\.PLAN_INVALID/);
    await says(alert, /line 12The plan names sort_lines/);
  });

  it.each([
    ['that is no UTF-8', Uint8Array.of(0x61, 0xe4), 'PLAN_INVALID'],
    ['that is far too large', 'x'.repeat(1_000_001), 'FILE_TOO_LARGE'],
  ])('are not read from a file %s', async (_, text, code) => {
    const { host } = await open();
    await pick(file(text));
    await says(page.getByRole('alert'), new RegExp(code));
    expect(host.received).toEqual([]);
  });

  it('are removed, and where the file lies then is said; a refusal is said in place', async () => {
    const { host } = await open();
    await page.getByRole('button', { name: 'Remove count-titles' }).click();
    await says(page.getByRole('status'), /\/home\/mk\/removed\/count-titles\.1\.yaml/);
    expect(host.received).toMatchObject([{ command: 'plan.forget', input: { plan: 'count-titles' } }]);
  });

  it('that could not be removed say why in place', async () => {
    await open({
      ...script,
      refused: { 'plan.forget': fault('PLAN_NAME_TAKEN', { plan: 'count-titles', why: 'twice' }) },
    });
    await page.getByRole('button', { name: 'Remove count-titles' }).click();
    await expect.element(page.getByText(/PLAN_NAME_TAKEN/)).toBeVisible();
  });

  it('are absent in one sentence and one button', async () => {
    await open({ ownPlans: [packaged] });
    await expect.element(page.getByText(/You have not added one yet\./)).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Add a plan from a file...' })).toBeVisible();
  });

  it('are found in the palette, marked as theirs, and chosen for the next goal', async () => {
    const { client } = await show(<Overlays />, script, ({ view }) => view.setOverlay('palette'));
    await userEvent.keyboard('titles');
    await says(page.getByRole('option', { name: /^Count titles/ }), /plan, yours/);
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => client.view.getState().draft.plan).toBe('count-titles');
  });

  it('that cannot be used are found as such, and open what is wrong with them', async () => {
    const { client } = await show(<Overlays />, script, ({ view }) => view.setOverlay('palette'));
    await userEvent.keyboard('sort-notes');
    await says(page.getByRole('option', { name: /^sort-notes/ }), /not used/);
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => client.view.getState().overlay).toBe('plans');
    expect(client.view.getState().draft.plan).toBeNull();
  });

  it('are added from the palette too, which opens the picker of files', async () => {
    const { client } = await show(<Overlays />, script, ({ view }) => view.setOverlay('palette'));
    await userEvent.keyboard('add a plan');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('dialog', { name: 'Your plans' })).toBeVisible();
    await expect.poll(() => client.view.getState().overlay).toBe('plans');
  });
});
