import { type ArtifactOffer, fault } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { fastqRun } from '../../testing/recorded-run.ts';
import type { Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { ArtifactOffers } from './artifact-offers.tsx';

const RUN = 'run-fastq';
const OFFER: ArtifactOffer = {
  title: 'Run npm test',
  goal: 'run the checks',
  plan: 'run-checks',
  slots: { command: 'npm test' },
};

function showOffers(offers: readonly ArtifactOffer[], script: Script = {}) {
  const folder = { id: 'f1', path: '/folder', name: 'folder' };
  const canvas = { id: 'c1', title: 'Board', folder: 'f1' };
  const known = { folders: [folder], canvases: [canvas], runs: [fastqRun], ...script };
  return show(
    <div style={{ width: 300 }}>
      <ArtifactOffers run={RUN} offers={offers} />
    </div>,
    known,
  );
}

const button = (name: string) => page.getByRole('button', { name });

describe('what a card offers', () => {
  it('shows a button, and below it the plan that would be followed and what it is given', async () => {
    await showOffers([OFFER, { ...OFFER, title: 'Run all', slots: {} }]);
    await expect.element(page.getByText('Plan run-checks · command: npm test')).toBeVisible();
    await expect.element(page.getByText('Plan run-checks', { exact: true })).toBeVisible();
    await expect.element(button('Run all')).toBeEnabled();
  });

  it('submits exactly that, about the folder of its run and on its board, asking before anything is done', async () => {
    const { client, host } = await showOffers([OFFER]);
    await button('Run npm test').click();
    const { folder, canvas } = placeOf();
    await expect
      .poll(() => host.received)
      .toMatchObject([
        {
          command: 'goal.submit',
          input: {
            ...{ text: 'run the checks', plan: 'run-checks', slots: { command: 'npm test' } },
            ...{ folder, canvas, approve: 'ask' },
          },
        },
      ]);
    const run = host.received[0]?.input.id;
    await expect.poll(() => client.view.getState().selection).toEqual({ kind: 'run', run });
    expect(client.view.getState().canvas).toBe(canvas);
  });

  it('says why it was refused, and can be pressed again', async () => {
    const { host } = await showOffers([OFFER], { refused: { 'goal.submit': fault('SLOT_UNKNOWN') } });
    await button('Run npm test').click();
    await expect.element(page.getByText('SLOT_UNKNOWN')).toBeVisible();
    await button('Run npm test').click();
    await expect.poll(() => host.received.length).toBe(2);
  });

  it('cuts a long title, and shows what looks like a mark as the text it is', async () => {
    const title = `<b>${'long '.repeat(30)}</b>`;
    await showOffers([{ ...OFFER, title }]);
    await expect.element(button(title.trim())).toBeVisible();
    const { right } = button(title.trim()).element().getBoundingClientRect();
    expect(right).toBeLessThanOrEqual(310);
  });
});

/** Where the recorded run stands. */
function placeOf(): { folder: string; canvas: string } {
  const submitted = fastqRun.find((event) => event.type === 'goal.submitted');
  if (submitted?.type !== 'goal.submitted') throw new Error('the recorded run has no goal');
  return { folder: submitted.data.folder.id, canvas: submitted.data.canvas };
}
