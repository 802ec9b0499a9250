import type { AddedModel } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ModelsPlace } from '../../client/index.ts';
import { browserPlatform } from '../../platform.ts';
import { ChatNews } from '../../testing/chat-news.ts';
import { addedElsewhere, addedHere, endpoints, examResult, nearby } from '../../testing/sample-chat.ts';
import { show } from '../../testing/show.tsx';
import { ModelsPage } from './index.ts';

const open = (script: Parameters<typeof show>[1] = {}, place: ModelsPlace = { at: 'list' }) =>
  show(<ModelsPage />, { endpoints, ...script }, ({ view }) => view.openModels(place));
type Opened = Awaited<ReturnType<typeof open>>;
const commands = ({ host }: Opened) => host.received.map(({ command, input }) => [command, input] as const);
const names = ({ host }: Opened) => host.received.map(({ command }) => command);
const button = (name: string | RegExp) => page.getByRole('button', { name });
const field = (name: string) => page.getByLabelText(name, { exact: true });
const words = (name: string) => page.getByRole('region', { name }).element().textContent ?? '';
const item = (name: string) => page.getByRole('listitem', { name });
const testing = (part: 'schema' | 'refusal', done: number): AddedModel => ({
  ...addedHere,
  exam: { running: { since: '2026-11-21T20:00:00.000Z', part, done, questions: 15 }, result: null },
});

describe('the list of models', () => {
  it('begins at its title, says that none was added, and sends nothing by itself but the look on this computer', async () => {
    const looks: number[] = [];
    const shown = await open({
      nearby: () => {
        looks.push(looks.length);
        return [];
      },
    });
    await expect.element(page.getByText('No model was added')).toBeVisible();
    expect(document.activeElement?.textContent).toBe('Models');
    await expect.element(page.getByText(/^No model server answers/)).toBeVisible();
    expect(names(shown)).toEqual([]);
    await button('Look again').click();
    await expect.poll(() => looks.length).toBe(2);
    expect(names(shown)).toEqual([]);
  });

  it('says of each model where it is asked, what it was measured to do, and what it still wants', async () => {
    await open({ chat: [addedHere, addedElsewhere] });
    await expect.element(item('qwen3:8b')).toBeVisible();
    const here = item('qwen3:8b').element().textContent ?? '';
    expect(here).toContain('Taken first');
    expect(here).toContain('Ollama, on this computer, http://127.0.0.1:11434/v1');
    expect(here).toContain('Chooses the right tool, 3 of 4, Not passed');
    expect(here).toContain('24 tokens a second');
    const there = item('gpt-5-mini').element().textContent ?? '';
    expect(there).toContain('not on this computer, https://api.openai.com/v1');
    expect(there).toContain('Not tested');
    expect(there).toContain('Its key went with the last session');
    expect(there).toContain('Key needed');
  });

  it('takes another first, and removes one only when asked twice', async () => {
    const shown = await open({ chat: [addedHere, addedElsewhere] });
    await button('More for gpt-5-mini').click();
    await page.getByRole('menuitem', { name: 'Take it first' }).click();
    await expect.poll(() => names(shown)).toEqual(['chat.prefer']);
    await button('More for gpt-5-mini').click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await button('Keep it').click();
    expect(names(shown)).toEqual(['chat.prefer']);
    await button('More for gpt-5-mini').click();
    await page.getByRole('menuitem', { name: 'Remove…' }).click();
    await button('Remove').click();
    await expect.poll(() => names(shown)).toEqual(['chat.prefer', 'chat.remove']);
    expect(commands(shown).at(-1)?.[1]).toMatchObject({ added: 'added-2' });
  });

  it('sets what models may cost, an empty limit being none, and nothing that is no sum', async () => {
    const shown = await open();
    await expect.element(field('A run')).toHaveValue('1');
    await expect.element(field('A day')).toHaveValue('5');
    await field('A run').fill('much');
    await expect.element(page.getByText(/^A sum such as 0.50/)).toBeVisible();
    await userEvent.keyboard('{Enter}');
    expect(names(shown)).toEqual([]);
    await field('A run').fill('0.25');
    await field('A day').fill('');
    await button('Set limits').click();
    await expect.poll(() => names(shown)).toEqual(['budget.set']);
    expect(commands(shown)[0]?.[1]).toMatchObject({ budget: { perRun: 0.25, perDay: null } });
  });

  it('shows why a wish was refused at the model it is about', async () => {
    await open({
      chat: [addedHere, addedElsewhere],
      refused: { 'chat.prefer': fault('MODEL_NOT_ADDED', {}) },
    });
    await button('More for gpt-5-mini').click();
    await page.getByRole('menuitem', { name: 'Take it first' }).click();
    await expect.element(item('gpt-5-mini').getByText('MODEL_NOT_ADDED')).toBeVisible();
  });

  it('says of what was found near that it is not trusted, and leads to adding it without sending anything', async () => {
    const shown = await open({ nearby });
    await expect.element(button('Add a model of Ollama')).toBeVisible();
    expect(words('Found on this computer')).toContain('Another program may have taken that place');
    expect(words('Found on this computer')).toContain('lists 2 models');
    await button('Add a model of Ollama').click();
    await expect.element(page.getByRole('heading', { name: 'Add a model' })).toHaveFocus();
    await expect.element(page.getByText(/^What listens at this address is not known/)).toBeVisible();
    expect(names(shown)).toEqual([]);
  });
});

describe('adding a model', () => {
  const found: ModelsPlace = { at: 'add', server: { endpoint: 'ollama', address: nearby[0]?.address ?? '' } };

  it('of a server that was found takes a name from its list by keys, adds it, tests it, and lands on the test', async () => {
    const chatNews = new ChatNews();
    const shown = await open({ nearby, chatNews, toBeAdded: addedHere }, found);
    const name = page.getByRole('combobox', { name: 'Name of the model' });
    await expect.element(name).toBeVisible();
    await expect.element(page.getByRole('option', { name: 'qwen3:8b' })).toBeVisible();
    await name.click();
    await userEvent.keyboard('qwen{ArrowDown}{Enter}');
    await expect.element(name).toHaveValue('qwen3:8b');
    expect(names(shown)).toEqual([]);
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => names(shown)[0]).toBe('chat.add');
    chatNews.tell([testing('schema', 0)]);
    await expect.element(page.getByRole('heading', { name: 'Test this model' })).toHaveFocus();
    expect(names(shown)).toEqual(['chat.add', 'chat.examine']);
    expect(commands(shown)[0]?.[1]).toMatchObject({
      model: { from: 'endpoint', endpoint: 'ollama', address: null, model: 'qwen3:8b', key: null },
    });
  });

  it('of a service says what is missing, keeps the key out of sight, and asks for its list only when told to', async () => {
    const offered = [{ model: 'gpt-5-mini', known: { ...addedElsewhere.known, contextTokens: 400_000 } }];
    const shown = await open({ offered, keychain: 'here' }, { at: 'add', server: null });
    await expect.element(page.getByText('Choose a server or service first').first()).toBeVisible();
    await field('Server or service').click();
    await page.getByRole('menuitemcheckbox', { name: /^OpenAI/ }).click();
    await expect.element(page.getByText('It wants a key: type it first').first()).toBeVisible();
    await field('Key').fill('sk-secret');
    await expect.element(field('Key')).toHaveAttribute('type', 'password');
    await expect.element(page.getByRole('radio', { name: /^In the keychain/ })).toBeChecked();
    expect(names(shown)).toEqual([]);
    await button('Ask for its list').click();
    const option = page.getByRole('option', { name: /^gpt-5-mini/ });
    await expect.element(option).toBeVisible();
    expect(option.element().textContent).toContain('400,000 tokens of context, price unknown');
    expect(commands(shown)[0]).toEqual([
      'chat.offered',
      { endpoint: 'openai', address: null, key: 'sk-secret', added: null },
    ]);
    await option.click();
    await page.getByRole('radio', { name: /^For this session only/ }).click();
    await button('Add and test').click();
    await expect
      .poll(() => commands(shown).at(-1)?.[1])
      .toMatchObject({ model: { model: 'gpt-5-mini', key: 'sk-secret', keep: 'session' } });
  });

  it('forgets the key when another place is chosen, and says why one is kept for the session only', async () => {
    await open({ keychain: 'unprotected' }, { at: 'add', server: null });
    await field('Server or service').click();
    await page.getByRole('menuitemcheckbox', { name: /^OpenAI/ }).click();
    await field('Key').fill('sk-secret');
    await expect.element(page.getByText(/with a password that everybody knows/)).toBeVisible();
    expect(page.getByRole('radio', { name: /keychain/ }).elements()).toEqual([]);
    await field('Server or service').click();
    await page.getByRole('menuitemcheckbox', { name: 'other' }).click();
    await expect.element(field('Key')).toHaveValue('');
    await expect.element(page.getByText('Type its address first').first()).toBeVisible();
    await field('Address').fill('http://192.168.1.20:8000/v1');
    await expect.element(page.getByText(/^This address is not encrypted/)).toBeVisible();
    await expect.element(page.getByText(/^Its provider may charge/)).toBeVisible();
  });

  it('says cause, effect and next where a list or a model is refused, and keeps what was typed', async () => {
    const refused = {
      'chat.offered': fault('MODEL_KEY_REFUSED', {}),
      'chat.add': fault('MODEL_ADDED_ALREADY', { model: 'qwen3:8b' }),
    };
    await open({ nearby, refused }, found);
    await button('Ask for its list').click();
    await expect.element(page.getByText('MODEL_KEY_REFUSED')).toBeVisible();
    await page.getByRole('option', { name: 'qwen3:8b' }).click();
    await button('Add and test').click();
    await expect.element(page.getByText('MODEL_ADDED_ALREADY')).toBeVisible();
    const alert = page.getByRole('alert').last().element().textContent ?? '';
    for (const part of ['Cause', 'Effect', 'Next']) expect(alert).toContain(part);
    await expect.element(page.getByRole('combobox')).toHaveValue('qwen3:8b');
  });

  it('from a file picks it in the system dialog and checks the tokens of its context', async () => {
    const platform: typeof browserPlatform = (calls) => ({
      ...browserPlatform(calls),
      pickFile: () => Promise.resolve('/home/mk/small.gguf'),
    });
    const shown = await open({ platform }, { at: 'add', server: null });
    await page.getByRole('radio', { name: /^A file/ }).click();
    await expect.element(page.getByText('It is asked on this computer. Nothing leaves it.')).toBeVisible();
    await button('Pick a file…').click();
    await expect.element(field('File')).toHaveValue('/home/mk/small.gguf');
    await field('Tokens of context').fill('2,5');
    await expect.element(page.getByText(/^A whole number from 256/)).toBeVisible();
    await field('Tokens of context').fill('4096');
    await button('Add and test').click();
    await expect
      .poll(() => commands(shown)[0]?.[1])
      .toMatchObject({ model: { from: 'file', path: '/home/mk/small.gguf', contextTokens: 4096 } });
  });
});

describe('the test of a model', () => {
  const at: ModelsPlace = { at: 'test', added: 'added-1' };

  it('goes on in sight, is stopped, and ends with what was measured', async () => {
    const chatNews = new ChatNews();
    const shown = await open({ chat: [testing('schema', 3)], chatNews }, at);
    const bar = page.getByRole('progressbar', { name: 'Question 4 of 15: Answers in a given form' });
    await expect.element(bar).toHaveAttribute('aria-valuenow', '20');
    expect(words('What it is given')).toContain('It was not tested yet.');
    await button('Stop').click();
    await expect.poll(() => names(shown)).toEqual(['chat.stopExam']);
    chatNews.tell([testing('refusal', 14)]);
    await expect.element(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '93');
    chatNews.tell([addedHere]);
    await expect.element(page.getByText('The test is over: 3 of 4 passed')).toBeInTheDocument();
    expect(words('Measured')).toContain('First token213 ms');
    expect(words('Measured')).toContain('Tokens a second24');
    expect(words('Measured')).toContain('Chargednot told');
  });

  it('says of each part how it went, and of each wrong answer the reason, the question and the words that came', async () => {
    await open({ chat: [addedHere] }, at);
    await expect.element(item('Chooses the right tool')).toBeVisible();
    expect(item('Answers in a given form').element().textContent).toContain('Passed, 5 of 5');
    expect(item('Chooses the right tool').element().textContent).toContain('Not passed, 3 of 4');
    await button('1 wrong answer').click();
    const told = item('Chooses the right tool').element().textContent ?? '';
    expect(told).toContain('No tool was asked for.');
    expect(told).toContain('Which lines of notes.txt name a harbour?');
    expect(told).toContain('Came, in its wordsI would search the file.');
  });

  it('says which kinds of turn it is given, and why not the others', async () => {
    await open({ chat: [addedHere] }, at);
    await expect.element(page.getByRole('region', { name: 'What it is given' })).toBeVisible();
    const told = words('What it is given');
    expect(told).toMatch(/Plans[^.]*Not givenIt did not pass: Chooses the right tool\./);
    expect(told).toMatch(/Answers from what was foundGiven/);
  });

  it('says unknown where no source says anything, and never nothing or free', async () => {
    await open({ chat: [{ ...addedElsewhere, id: 'added-1' }] }, at);
    await expect.element(page.getByRole('region', { name: 'What is known of it' })).toBeVisible();
    const told = words('What is known of it');
    for (const name of ['Price', 'Context', 'Answer', 'Licence of the weights'])
      expect(told).toContain(`${name}unknown`);
    expect(told).toContain('Unknown is not free: a run asks before it uses this model.');
    expect(told).not.toContain('$0');
  });

  it('says of a server here that may send on what it is asked, and of a model here that nobody charges for it', async () => {
    const gateway = { ...addedHere, id: 'added-2', endpoint: 'other', endpointName: '', local: false };
    const { client } = await open({ chat: [addedHere, gateway] }, at);
    await expect.element(page.getByText('$0.00, it runs on this computer')).toBeVisible();
    client.view.openModels({ at: 'test', added: 'added-2' });
    await expect
      .element(page.getByText(/^A server on this computer, which may send on what it is asked/))
      .toBeVisible();
  });

  it('that a refused key ended says so with cause, effect and next, and asks for another key', async () => {
    const broken = { ...examResult, parts: [], kinds: [], fault: fault('MODEL_KEY_REFUSED', {}) };
    const shown = await open(
      { chat: [{ ...addedElsewhere, id: 'added-1', exam: { running: null, result: broken } }] },
      at,
    );
    await expect.element(page.getByText('MODEL_KEY_REFUSED')).toBeVisible();
    expect(words('What it is given')).toContain('The test broke off.');
    await button('Paste a key').click();
    await field('Key').fill('sk-other');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => names(shown)).toEqual(['chat.giveKey']);
    expect(commands(shown)[0]?.[1]).toMatchObject({ added: 'added-1', key: 'sk-other', keep: 'session' });
    await expect.poll(() => page.getByRole('dialog').elements().length).toBe(0);
  });

  it('of a model that is gone says so and leads back', async () => {
    await open({}, at);
    await button('See your models').click();
    await expect.element(page.getByText('No model was added')).toBeVisible();
  });
});
