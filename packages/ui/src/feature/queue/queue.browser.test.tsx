import type { Reconciled } from '@soma/schemas/contract';
import { fault } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { type Locator, page, userEvent } from 'vitest/browser';
import { queue, report } from '../../testing/sample-desks.ts';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { Overlays } from '../palette/overlays.tsx';

const open = (script: Script) => show(<Overlays />, script, ({ view }) => view.setOverlay('queue'));
const says = (place: Locator, what: RegExp) =>
  expect
    .poll(() =>
      place
        .elements()
        .map(({ textContent }) => textContent)
        .join(),
    )
    .toMatch(what);
const asked = ({ host }: Awaited<ReturnType<typeof open>>, command: string) =>
  host.received.filter((each) => each.command === command).map(({ input }) => input);

describe('the queue', () => {
  it('is one sentence where nothing waits', async () => {
    await open({});
    await expect
      .element(page.getByText('Nothing waits to be sent on, and nothing was set aside.'))
      .toBeVisible();
    expect(page.getByRole('button', { name: 'Send all again' }).elements()).toEqual([]);
  });

  it('says how much waits, since when, and of each event that was set aside the cause', async () => {
    await open({ queue });
    const dialog = page.getByRole('dialog', { name: 'Queue' });
    await expect.element(dialog.getByText('12 events')).toBeVisible();
    const said = dialog.element().textContent ?? '';
    expect(said).toContain('4 m, recorded ');
    const lines = dialog
      .getByRole('listitem')
      .elements()
      .map(({ textContent }) => textContent ?? '');
    expect(lines[0]).toMatch(/^soma\.run\.verified\.v1run\/run-1 #8tried 5 times, set aside /);
    expect(lines[0]).toContain('It said: DISK_FULL. CONSUMER_FAILED');
    expect(lines[1]).toMatch(/tried once.*EVENT_INVALID/);
    expect(said).toContain('and 1 more, sent again with all');
  });

  it('sends one again by its id, or all, and says how many', async () => {
    const shown = await open({ queue });
    await page.getByRole('button', { name: 'Send again soma.goal.completed.v1 run/run-1 #9' }).click();
    await expect.element(page.getByText('1 event is sent again.')).toBeVisible();
    await page.getByRole('button', { name: 'Send all again' }).click();
    await expect.element(page.getByText('3 events are sent again.')).toBeVisible();
    expect(asked(shown, 'queue.requeue')).toEqual([{ copy: 'run-1.8' }, { copy: null }]);
  });

  it('says in place why one could not be sent again', async () => {
    await open({ queue, refused: { 'queue.requeue': fault('QUEUE_COPY_UNKNOWN') } });
    await page.getByRole('button', { name: 'Send again soma.goal.completed.v1 run/run-1 #9' }).click();
    const line = page.getByRole('listitem').nth(1);
    await says(line.getByRole('alert'), /QUEUE_COPY_UNKNOWN/);
  });

  it('is asked about again and again while it is looked at, and no longer', async () => {
    const shown = await open({});
    await expect.poll(() => asked(shown, 'queue.describe').length, { timeout: 6000 }).toBeGreaterThan(1);
    await userEvent.keyboard('{Escape}');
    await expect.poll(() => page.getByRole('dialog').elements().length).toBe(0);
    const seen = asked(shown, 'queue.describe').length;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(asked(shown, 'queue.describe').length).toBe(seen);
  });

  it.each([
    ['nothing is sent on', { queue: { ...queue, trouble: fault('DISK_FULL') } }, 'DISK_FULL'],
    ['the host does not answer', { refused: { 'queue.describe': fault('HOST_LEAVING') } }, 'HOST_LEAVING'],
  ])('says with cause, code and next step when %s', async (_, script, code) => {
    await open(script);
    await says(page.getByRole('alert'), new RegExp(`Next.*${code}`));
  });
});

describe('comparing the log with what arrived', () => {
  const compare = async (reconciled: Reconciled) => {
    const shown = await open({ reconciled });
    await page.getByRole('button', { name: 'Compare and repair' }).click();
    return shown;
  };

  it('says what never arrived and is sent again, with the figures of each listener', async () => {
    const shown = await compare(report);
    await expect.element(page.getByText('2 events never arrived; 2 are sent again.')).toBeVisible();
    await expect.element(page.getByText('30 events in the log, 4 wait, 3 set aside, no gap')).toBeVisible();
    const cells = [...document.querySelectorAll('tbody td')].map(({ textContent }) => textContent);
    expect(cells).toEqual(['18', '20', '2', '1', '1', '0']);
    expect(asked(shown, 'queue.reconcile')).toHaveLength(1);
  });

  it('says that nothing is missing, and that the log has gaps', async () => {
    const whole = { ...report, requeued: 0, consumers: [] };
    await compare(whole);
    await expect.element(page.getByText(/^Nothing is missing/)).toBeVisible();
    await compare({ ...whole, gaps: 1 });
    await expect.element(page.getByText(/^The log itself lacks an event in 1 place\./)).toBeVisible();
  });

  it('says why it could not be done', async () => {
    await open({ refused: { 'queue.reconcile': fault('DATABASE_DAMAGED') } });
    await page.getByRole('button', { name: 'Compare and repair' }).click();
    await expect.element(page.getByText('DATABASE_DAMAGED')).toBeVisible();
  });
});

it('queue, backups, models and plans are opened from the settings, the first two from the palette too', async () => {
  const { client } = await show(<Overlays />, {}, ({ view }) => view.setOverlay('palette'));
  await userEvent.keyboard('queue of events{Enter}');
  await expect.element(page.getByRole('dialog', { name: 'Queue' })).toBeVisible();
  for (const [button, name] of [
    ['Open the queue', 'Queue'],
    ['Open backups', 'Backups'],
    ['Open your plans', 'Your plans'],
  ] as const) {
    client.view.setOverlay('settings');
    await page.getByRole('button', { name: button }).click();
    await expect.element(page.getByRole('dialog', { name })).toBeVisible();
  }
  // Models are a page, so the settings close behind it.
  client.view.setOverlay('settings');
  await page.getByRole('button', { name: 'Open models' }).click();
  await expect.poll(() => page.getByRole('dialog').elements().length).toBe(0);
  expect(client.view.getState().page).toBe('models');
  client.view.setOverlay('palette');
  await userEvent.keyboard('back up{Enter}');
  await expect.element(page.getByRole('dialog', { name: 'Backups' })).toBeVisible();
});
