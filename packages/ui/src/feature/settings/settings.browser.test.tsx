import { fault } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { SettingsDialog } from './settings-dialog.tsx';

const day = 24 * 60 * 60 * 1000;
const script: Script = {
  folders: [{ id: 'f', path: '/home/mk/fastq', name: 'fastq' }],
  permissions: [
    {
      id: 'p1',
      folder: 'f',
      tool: 'replace_text',
      argumentsHash: null,
      until: new Date(Date.now() + 7 * day).toISOString(),
    },
    {
      id: 'p2',
      folder: 'f',
      tool: 'run_command',
      argumentsHash: 'ab'.repeat(32),
      until: new Date(Date.now() - day).toISOString(),
    },
  ],
};
const open = (given: Script) => show(<SettingsDialog />, given, ({ view }) => view.setOverlay('settings'));

describe('standing permissions', () => {
  it('say what they cover, in which folder and until when, and are revoked', async () => {
    const { host } = await open(script);
    const lines = () =>
      page
        .getByRole('listitem')
        .elements()
        .map(({ textContent }) => textContent ?? '');
    await expect.poll(() => lines().length).toBe(2);
    expect(lines()[0]).toMatch(/^replace_textevery callfastquntil /);
    expect(lines()[1]).toMatch(/^run_commandone exact call, ababababababfastqended /);
    await page.getByRole('button', { name: 'Revoke run_command in fastq' }).click();
    await expect
      .poll(() => host.received.map(({ command, input }) => [command, input.permission]))
      .toEqual([['permission.revoke', 'p2']]);
  });

  it('say in place why one could not be revoked', async () => {
    await open({
      ...script,
      refused: { 'permission.revoke': fault('PERMISSION_UNKNOWN', { permission: 'p1' }) },
    });
    await page.getByRole('button', { name: 'Revoke replace_text in fastq' }).click();
    await expect.element(page.getByText('PERMISSION_UNKNOWN')).toBeVisible();
  });

  it('are absent in one sentence', async () => {
    await open({ ...script, permissions: [] });
    await expect
      .element(page.getByText('There are none: whatever writes, runs or fetches asks each time.'))
      .toBeVisible();
  });
});
