import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Client } from '../client/index.ts';
import { axeFaults } from '../testing/axe-faults.ts';
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
import { backups, proven, queue, report } from '../testing/sample-desks.ts';
import type { Script } from '../testing/scripted-host.ts';
import { show } from '../testing/show.tsx';
import { ApprovalsPage } from './approval/index.ts';
import { FirstMinute } from './goal/index.ts';
import { Inspector } from './inspector/index.ts';
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
  readonly more?: Pick<
    Script,
    'queue' | 'reconciled' | 'backups' | 'backup' | 'refused' | 'chat' | 'nearby' | 'endpoints'
  >;
}

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

afterEach(() => {
  document.documentElement.dataset.theme = 'light';
  dismiss('asked');
});

describe.each(['light', 'dark', 'contrast'] as const)('in the %s theme', (theme) => {
  it.each(sights)(
    '$name has no fault that axe finds',
    async ({ part, before, ready, runs = [fastqRun], more = {} }) => {
      document.documentElement.dataset.theme = theme;
      await show(<main>{part}</main>, { ...script, ...more, runs }, before);
      await ready();
      expect(await axeFaults(theme)).toEqual([]);
    },
  );
});
