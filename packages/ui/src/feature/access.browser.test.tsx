import axe from 'axe-core';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Client } from '../client/index.ts';
import { fastqContents, fastqRun } from '../testing/recorded-run.ts';
import { show } from '../testing/show.tsx';
import { FirstMinute } from './goal/index.ts';
import { Inspector } from './inspector/index.ts';
import { Overlays } from './palette/index.ts';

const RUN = 'run-fastq';
const script = {
  folders: [{ id: 'folder-fastq', path: '/home/mk/fastq', name: 'fastq' }],
  canvases: [{ id: 'canvas-fastq', title: 'Reading fastq', folder: 'folder-fastq' }],
  runs: [fastqRun],
  contents: fastqContents,
};

interface Sight {
  readonly name: string;
  readonly part: ReactNode;
  readonly before: (client: Client) => void;
  readonly ready: () => Promise<unknown>;
}

const seen = (text: RegExp | string) => expect.element(page.getByText(text).first()).toBeVisible();
const overlay = (name: 'palette' | 'shortcuts' | 'settings' | 'open-folder') => (client: Client) =>
  client.view.setOverlay(name);
const dialog = () => expect.element(page.getByRole('dialog')).toBeVisible();

const sights: readonly Sight[] = [
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
];

afterEach(() => {
  document.documentElement.dataset.theme = 'light';
});

describe.each(['light', 'dark', 'contrast'] as const)('in the %s theme', (theme) => {
  it.each(sights)('$name has no fault that axe finds', async ({ part, before, ready }) => {
    document.documentElement.dataset.theme = theme;
    await show(<main>{part}</main>, script, before);
    await ready();
    // What still appears is fainter than it will be.
    await expect
      .poll(() => document.getAnimations().filter(({ playState }) => playState === 'running').length)
      .toBe(0);
    const found = await axe.run(document.body, {
      rules: {
        region: { enabled: false },
        'page-has-heading-one': { enabled: false },
        'heading-order': { enabled: false },
      },
    });
    expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
