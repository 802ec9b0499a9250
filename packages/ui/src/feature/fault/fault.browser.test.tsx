import { FaultCode, fault } from '@soma/schemas/event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { show } from '../../testing/show.tsx';
import { FaultCard } from './fault-card.tsx';
import { HostFaults } from './host-faults.tsx';

const folders = [{ id: 'folder-fastq', path: '/home/mk/fastq', name: 'fastq' }];

describe('a fault', () => {
  it('of any code has a title, three sentences and its code, and no fault that axe finds', async () => {
    await show(
      <main>
        {FaultCode.options.map((code) => (
          <section key={code} data-code={code}>
            <FaultCard fault={fault(code)} />
          </section>
        ))}
      </main>,
      {},
    );
    for (const code of FaultCode.options) {
      const card = document.querySelector(`[data-code="${code}"]`);
      expect(card?.querySelectorAll('h3')).toHaveLength(1);
      expect([...(card?.querySelectorAll('dt') ?? [])].map((name) => name.textContent)).toEqual([
        'Cause',
        'Effect',
        'Next',
      ]);
      expect(card?.querySelector('code')?.textContent).toBe(code);
      expect(card?.querySelectorAll('.bg-accent').length).toBeLessThan(2);
    }
    const found = await axe.run(document.body, {
      rules: { region: { enabled: false }, 'heading-order': { enabled: false } },
    });
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });

  it('of a folder that is gone lets a person point to where it is, and the run goes on', async () => {
    const { host } = await show(
      <FaultCard
        fault={fault('FOLDER_GONE', { path: '/home/mk/fastq' })}
        folder="folder-fastq"
        run="run-fastq"
      />,
      { folders },
    );
    await page.getByRole('button', { name: 'Find the folder' }).click();
    const path = page.getByLabelText('Path of the folder now');
    await expect.element(path).toHaveValue('/home/mk/fastq');
    await path.fill('/home/mk/work/fastq');
    await userEvent.keyboard('{Enter}');
    await expect
      .poll(() => host.received.map(({ command }) => command))
      .toEqual(['folder.move', 'run.resume']);
    expect(host.received[0]?.input).toMatchObject({ folder: 'folder-fastq', path: '/home/mk/work/fastq' });
  });

  it('says in place that the new path is wrong too', async () => {
    const refused = { 'folder.move': fault('FOLDER_GONE', { path: '/nowhere' }) };
    const { host } = await show(<FaultCard fault={fault('FOLDER_GONE')} folder="folder-fastq" run="r" />, {
      folders,
      refused,
    });
    await page.getByRole('button', { name: 'Find the folder' }).click();
    await page.getByLabelText('Path of the folder now').fill('/nowhere');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toBeVisible();
    expect(host.received.map(({ command }) => command)).toEqual(['folder.move']);
  });
});

describe('what troubles the whole app', () => {
  const mended = fault('DATABASE_DAMAGED', {
    database: 'documents',
    reason: 'checksum',
    quarantine: '/data/quarantine',
    backup: null,
    lost: null,
  });

  it('stands there until it is over; a notice of what is over can be put away', async () => {
    await show(<HostFaults />, { faults: [fault('DISK_FULL'), mended] });
    await expect.element(page.getByRole('heading', { name: 'The disk is full' })).toBeVisible();
    await expect
      .element(page.getByRole('heading', { name: 'The store of boards was damaged' }))
      .toBeVisible();
    await page.getByRole('button', { name: 'Hide this notice' }).click();
    await expect
      .element(page.getByRole('heading', { name: 'The store of boards was damaged' }))
      .not.toBeInTheDocument();
    await expect.element(page.getByRole('heading', { name: 'The disk is full' })).toBeVisible();
    expect(page.getByRole('button', { name: 'Hide this notice' }).elements()).toEqual([]);
  });

  it('is nothing while all is well', async () => {
    await show(<HostFaults />, {});
    expect(page.getByRole('region', { name: 'Notices of this computer' }).elements()).toEqual([]);
  });
});
