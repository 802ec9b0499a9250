import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { renameContents, renameRun, untilAsked } from '../../testing/recorded-run.ts';
import { show } from '../../testing/show.tsx';
import { Shell } from '../shell/index.ts';

const RUN = 'run-rename';
const canvas = { id: 'c1', title: 'Reading fastq', folder: 'f1' };
const tasks = [
  { id: 'find', after: [] },
  { id: 'change', after: ['find'] },
];

const open = () =>
  show(
    <div className="h-[880px]">
      <Shell />
    </div>,
    {
      folders: [{ id: 'f1', path: '/home/mk/fastq', name: 'fastq' }],
      canvases: [canvas],
      runs: [untilAsked(renameRun)],
      contents: renameContents,
    },
    ({ link, view }) => {
      view.setState({ introduced: true });
      link.canvases.open(canvas.id).apply([{ type: 'place-run', id: 'r', run: RUN, tasks }]);
      view.openCanvas(canvas.id);
    },
  );
const card = () => page.getByRole('region', { name: 'Let this run change 13 lines in 3 files?' });
const waiting = () => page.getByRole('group', { name: 'Change it: Needs you' });

describe('a question on the board', () => {
  it('stands under the task that waits once it is chosen, and is answered there', async () => {
    const { host } = await open();
    await expect.element(waiting()).toBeVisible();
    expect(card().elements()).toEqual([]);
    await waiting().click();
    await expect.element(card()).toBeVisible();
    expect(card().element().textContent).toContain('Nothing has been written.');
    const under = waiting().element().getBoundingClientRect().bottom;
    expect(card().element().getBoundingClientRect().top).toBeGreaterThan(under);
    await page.getByRole('button', { name: 'Approve once' }).click();
    await expect
      .poll(() => host.received.map(({ command, input }) => [command, input.answer]))
      .toEqual([['approval.answer', 'approved']]);
  });

  it('stays where it is while the pointer is on it, and one press answers it though the inspector opens', async () => {
    await page.viewport(1900, 900);
    const { client, host } = await open();
    await waiting().click();
    await card().hover();
    const pressed = card().getByRole('button', { name: 'Approve once' }).element();
    await userEvent.hover(pressed);
    client.view.togglePanel('inspector', true);
    await expect
      .poll(() =>
        card()
          .elements()
          .some((each) => each.closest('aside') !== null),
      )
      .toBe(true);
    expect(pressed.isConnected).toBe(true);
    await userEvent.click(pressed);
    await expect
      .poll(() => host.received.map(({ command, input }) => [command, input.answer]))
      .toEqual([['approval.answer', 'approved']]);
  });

  it('goes over to the inspector once the pointer leaves it', async () => {
    const { client } = await open();
    await waiting().click();
    await card().hover();
    client.view.togglePanel('inspector', true);
    await expect.poll(() => card().elements().length).toBe(2);
    await waiting().hover();
    await expect.poll(() => card().elements().length).toBe(1);
    expect(card().element().closest('aside')).not.toBeNull();
  });

  it('stands in the inspector instead while that is open', async () => {
    const { client, host } = await open();
    await waiting().click();
    await expect.element(card()).toBeVisible();
    client.view.togglePanel('inspector', true);
    await expect.poll(() => card().elements().length).toBe(1);
    await expect.poll(() => card().element().closest('aside')).not.toBeNull();
    // One press answers it there too: nothing moves under the pointer as the card takes the focus.
    const button = card().getByRole('button', { name: 'Approve once' });
    const before = button.element().getBoundingClientRect();
    await button.click();
    expect(button.element().getBoundingClientRect()).toEqual(before);
    await expect.poll(() => host.received.map(({ command }) => command)).toEqual(['approval.answer']);
  });
});
