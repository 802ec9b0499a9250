import type { BackupsView, ProvenBackup } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { type Locator, page, userEvent } from 'vitest/browser';
import { browserPlatform } from '../../platform.ts';
import { proven, backups as view } from '../../testing/sample-desks.ts';
import { show } from '../../testing/show.tsx';
import { BackupsDialog } from './backups-dialog.tsx';

type Given = Parameters<typeof show>[1];
const open = (given: Given) => show(<BackupsDialog />, given, (client) => client.view.setOverlay('backups'));
const asked = ({ host }: Awaited<ReturnType<typeof open>>, command: string) =>
  host.received.filter((each) => each.command === command).map(({ input }) => input);
const now = () => page.getByRole('button', { name: 'Back up now' });
const says = (place: Locator, what: RegExp) =>
  expect
    .poll(() =>
      place
        .elements()
        .map(({ textContent }) => textContent)
        .join(),
    )
    .toMatch(what);
const folder = () => page.getByRole('textbox', { name: 'Folder for backups' });

describe('a backup that is asked for', () => {
  it('says which step it is at, and when it is proven where it lies, its size and what it holds', async () => {
    let finish: (backup: ProvenBackup) => void = () => undefined;
    const backup = new Promise<ProvenBackup>((resolve) => {
      finish = resolve;
    });
    let making: BackupsView['making'] = null;
    const shown = await open({ backup, backups: () => ({ ...view, backups: [], making }) });
    await expect.element(page.getByText('There is no backup in this folder yet.')).toBeVisible();
    await now().click();
    making = { path: view.next, since: proven.time, phase: 'proving' };
    const bar = page.getByRole('progressbar', { name: /^Step 2 of 2: proving the copy/ });
    await expect.element(bar).toHaveAttribute('aria-valuenow', '50');
    await expect.element(now()).toBeDisabled();
    expect(asked(shown, 'data.backup')).toMatchObject([{ path: view.next }]);
    making = null;
    finish(proven);
    await expect.element(page.getByText(/^Backed up and proven: /)).toBeVisible();
    const said = page.getByRole('dialog').element().textContent ?? '';
    expect(said).toContain(view.next);
    expect(said).toContain('2.3 MB in 9 files');
    expect(said).toContain('322 events of 2 runs, 1 board, 4 stored texts, 7 memories, 1 plan of yours');
    expect(said).not.toContain('Left out');
    await expect.element(now()).toBeEnabled();
  });

  it('goes on when the dialog is closed, and what came of it is there when it is opened again', async () => {
    let finish: (backup: ProvenBackup) => void = () => undefined;
    const backup = new Promise<ProvenBackup>((resolve) => {
      finish = resolve;
    });
    const shown = await open({ backup, backups: view });
    await now().click();
    await expect.poll(() => asked(shown, 'data.backup').length).toBe(1);
    await userEvent.keyboard('{Escape}');
    finish({ ...proven, counts: { ...proven.counts, textsMissing: 1, textsDamaged: 2 } });
    shown.client.view.setOverlay('backups');
    await expect.element(page.getByText(/^Backed up and proven: /)).toBeVisible();
    await expect
      .element(page.getByText('1 text that a run names is not kept any more. 2 stored texts are damaged.'))
      .toBeVisible();
  });

  it('that was refused says cause, next step and code', async () => {
    const refusal = fault('BACKUP_PLACE_REFUSED', { path: view.folder, why: 'unwritable', reason: 'EACCES' });
    await open({ backups: view, refused: { 'data.backup': refusal } });
    await now().click();
    await says(page.getByRole('alert'), /EACCES.*Next.*BACKUP_PLACE_REFUSED/);
    await expect.element(now()).toBeEnabled();
  });

  it('lies in the folder that is typed, which is remembered', async () => {
    const shown = await open({ backups: view });
    await expect.element(folder()).toHaveValue(view.folder);
    await folder().fill('/media/disk');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => asked(shown, 'data.list').at(-1)).toEqual({ folder: '/media/disk' });
    expect(shown.client.view.getState().backupFolder).toBe('/media/disk');
    await expect.element(folder()).toHaveValue('/media/disk');
    await folder().fill('');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => shown.client.view.getState().backupFolder).toBeNull();
  });

  it('lies in the folder that is chosen in the dialog of the system, where there is one', async () => {
    const platform: typeof browserPlatform = (calls) => ({
      ...browserPlatform(calls),
      pickFolder: () => Promise.resolve('/media/disk'),
    });
    const shown = await open({ backups: view, platform });
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    await expect.poll(() => asked(shown, 'data.list').at(-1)).toEqual({ folder: '/media/disk' });
  });

  it('cannot be asked for in a folder that cannot be used, which says why', async () => {
    const refusal = fault('BACKUP_PLACE_REFUSED', { path: 'disk', why: 'relative' });
    await open({ refused: { 'data.list': refusal } });
    await says(page.getByRole('alert'), /not a whole path/);
    await expect.element(now()).toBeDisabled();
  });
});

describe('the backups there are', () => {
  it('are listed with time, size and place; one that is not whole says so', async () => {
    await open({ backups: view });
    await expect.element(page.getByText('2 runs, 2.3 MB, proven when it was made')).toBeVisible();
    const lines = page
      .getByRole('region', { name: 'Backups in this folder' })
      .getByRole('listitem')
      .elements()
      .map(({ textContent }) => textContent ?? '');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(
      /^Cannot be used.*There is no backup there, or its list of files.*BACKUP_BROKEN/,
    );
    await expect.element(page.getByText('and 2 older ones')).toBeVisible();
    await expect.element(page.getByText(/^The log of runs: 3 copies, 0\.4 MB, the newest of /)).toBeVisible();
  });

  it('stand above what was set aside, with why, since when, how large and where', async () => {
    await open({ backups: view });
    const aside = page.getByRole('region', { name: 'Set aside' });
    await expect.element(aside.getByText(/^What a restore replaced, .*2026.*: 5\.2 MB/)).toBeVisible();
    await expect.element(aside.getByText(/^Damaged files as they were found: 16 kB/)).toBeVisible();
    await expect.element(aside.getByText(/replaced\/20261120T101500000Z$/)).toBeInTheDocument();
  });

  it('say how each is restored, with the command to type, spelled for a shell', async () => {
    await open({ backups: view });
    const buttons = page.getByRole('button', { name: /^How to restore the backup of/ });
    await expect.poll(() => buttons.elements().length).toBe(2);
    await buttons.first().click();
    await expect.element(buttons.first()).toHaveAttribute('aria-expanded', 'true');
    await expect
      .element(page.getByText(`soma restore ${view.folder}/soma-backup-2026-11-20T10-00-00`, { exact: true }))
      .toBeVisible();
    await expect.element(page.getByText(/^Restoring needs SomaAgent closed\./).first()).toBeVisible();
    await buttons.nth(1).click();
    await expect.element(page.getByText(`soma restore '${view.folder}/it'\\''s old'`)).toBeVisible();
    await buttons.first().click();
    await expect.element(buttons.first()).toHaveAttribute('aria-expanded', 'false');
  });
});
