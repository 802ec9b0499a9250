import type { Permission } from '@soma/schemas/event';
import { RecordedRunEvent } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { renameContents, renameRun } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { ApprovalsPage } from './approvals-page.tsx';

/** The recorded run as it is when its change was approved with another reach. */
const approved = (scope: 'once' | 'run' | 'folder') =>
  renameRun.map((event) =>
    event.type === 'approval.answered'
      ? RecordedRunEvent.parse({ ...event, data: { ...event.data, scope } })
      : event,
  );
const folder = renameRun.flatMap((event) => (event.type === 'goal.submitted' ? [event.data.folder] : []))[0];
const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString();
const standing: Permission = {
  id: 'p1',
  folder: folder?.id ?? '',
  tool: 'replace_text',
  argumentsHash: null,
  until: tomorrow,
};
const open = (scope: 'once' | 'run' | 'folder', permissions: readonly Permission[] = []) =>
  show(
    <div className="relative h-[856px] w-[1200px]">
      <ApprovalsPage />
    </div>,
    {
      runs: [approved(scope)],
      contents: renameContents,
      permissions,
      folders: [{ id: folder?.id ?? '', path: '/home/mk/fastq', name: 'fastq' }],
    },
  );
const reach = () => page.getByRole('region', { name: 'How far it reaches' });
const said = () => reach().element().textContent;
const row = () => page.getByRole('option').element().textContent;

describe('how far an approval reaches', () => {
  it('is said of one that was given once or for its run', async () => {
    await open('once');
    await expect.element(reach()).toHaveTextContent('It covers this call and no other.');
    await open('run');
    await expect.element(reach().last()).toHaveTextContent('Every call of replace_text in this run.');
  });

  it('is shown for a folder with what stands and until when, and is taken back there', async () => {
    const { host } = await open('folder', [standing]);
    await expect.poll(said).toContain('do this without asking, for as long as it stands');
    expect(row()).toMatch(/Approved, until /);
    await page.getByRole('button', { name: 'Revoke replace_text in fastq' }).click();
    await expect
      .poll(() => host.received.map(({ command, input }) => [command, input.permission]))
      .toEqual([['permission.revoke', 'p1']]);
  });

  it('is said to be over once nothing stands for the folder, be it revoked, past its day, or of another tool', async () => {
    const past = new Date(Date.now() - 1000).toISOString();
    await open('folder', [
      { ...standing, until: past },
      { ...standing, id: 'p2', tool: 'run_command' },
    ]);
    await expect.poll(said).toContain('stands no more: the next run asks again.');
    expect(row()).toContain('Approved, stands no more');
    expect(page.getByRole('button', { name: /^Revoke/ }).elements()).toEqual([]);
  });
});
