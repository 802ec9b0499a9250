import { fault, type RecordedRunEvent } from '@soma/schemas/event';
import { fold, type RunState } from '@soma/schemas/run';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Client } from '../../client/index.ts';
import { RunHistory } from '../../client/index.ts';
import {
  fastqContents,
  fastqRun,
  recordedEvent,
  renameContents,
  renameRun,
} from '../../testing/recorded-run.ts';
import { LiveNews, type Script } from '../../testing/scripted-host.ts';
import { show } from '../../testing/show.tsx';
import { Inspector } from '../inspector/index.ts';
import { RunFrame } from '../run/index.ts';
import { CompareDialog, Scrubber } from './index.ts';

const RUN = 'run-fastq';
const COUNT = fastqRun.length;
const contents = { ...fastqContents, ...renameContents };

/** A branch of the recorded run after one of its events, as a host records it. */
function branchAt(sequence: number, more: readonly object[] = []): readonly RecordedRunEvent[] {
  const own = [...fastqRun.slice(0, sequence), ...more];
  return own.map(({ ...event }, place) => {
    const moved = recordedEvent(event, place + 1, 'run-branch');
    if (moved.type !== 'goal.submitted') return moved;
    const fork = { run: RUN, sequence, events: sequence };
    return { ...moved, data: { ...moved.data, run: 'run-branch', fork } };
  });
}

const window = (
  <>
    <div style={{ height: 400 }}>
      <RunFrame run={RUN} selected={false} />
    </div>
    <Scrubber />
    <Inspector />
  </>
);

const lookBack = (more: Partial<Script> = {}, at?: number) =>
  show(window, { runs: [fastqRun], contents, ...more }, (client) => enter(client, at));

function enter({ view, travel }: Client, at?: number): void {
  view.select({ kind: 'run', run: RUN });
  travel.enter(RUN, at);
}

const slider = () => page.getByRole('slider', { name: 'Events of this run' });
const placed = (at: number) => expect.element(slider()).toHaveValue(String(at));

describe('looking back at a run', () => {
  it('begins at the newest event and says which that is', async () => {
    await lookBack();
    await placed(COUNT);
    await expect.element(page.getByText(`Event ${COUNT} of ${COUNT}`)).toBeVisible();
    await expect.element(page.getByText('Ended: Verified')).toBeVisible();
  });

  it('goes by arrow keys, Home, End, comma and full stop', async () => {
    await lookBack();
    await placed(COUNT);
    slider().element().focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    await placed(COUNT - 2);
    await userEvent.keyboard('{Home}');
    await placed(1);
    await userEvent.keyboard('..,');
    await placed(2);
    await userEvent.keyboard('{End}');
    await placed(COUNT);
  });

  it('shows frame and inspector as they were, marked so, with nothing to act on', async () => {
    const { host, client } = await lookBack({}, 40);
    await placed(40);
    const state = fold(fastqRun.slice(0, 40));
    const verified = state?.tasks.filter(({ status }) => status.name === 'verified').length ?? -1;
    await expect.element(page.getByText(new RegExp(`^${verified} of 7 tasks verified`))).toBeVisible();
    expect(page.getByText('As it was at event 40').elements()).toHaveLength(2);
    expect(page.getByRole('button', { name: 'Pause' }).elements()).toHaveLength(0);
    expect(page.getByRole('button', { name: 'Check again' }).elements()).toHaveLength(0);
    for (const at of [1, 5, 60, COUNT]) client.travel.seek(at);
    expect(host.received).toEqual([]);
  });

  it('shows at every event what the one fold says', async () => {
    const { client } = await lookBack();
    await placed(COUNT);
    let state: RunState | null = null;
    for (let at = 1; at <= COUNT; at += 1) {
      client.travel.seek(at);
      state = client.travel.getState().state;
      expect(state).toEqual(fold(fastqRun.slice(0, at)));
    }
    expect(state?.status.name).toBe('ended');
  });

  it('comes back to now by its button and by Escape, which does not pause the run', async () => {
    const { client, host } = await lookBack({}, 40);
    await placed(40);
    await page
      .getByRole('button', { name: /^Back to now/ })
      .first()
      .click();
    await expect.element(slider()).not.toBeInTheDocument();
    enter(client, 40);
    await placed(40);
    await userEvent.keyboard('{Escape}');
    await expect.element(slider()).not.toBeInTheDocument();
    expect(host.received).toEqual([]);
  });

  it('lets a live run go on meanwhile, and counts its new events', async () => {
    const live = new LiveNews();
    await lookBack({ runs: [fastqRun.slice(0, 50)], live }, 30);
    await placed(30);
    live.tell(fastqRun.slice(50, 60));
    await expect.element(page.getByText('Event 30 of 60')).toBeVisible();
    await placed(30);
  });

  it('plays on to the newest event and stops there', async () => {
    await lookBack({}, COUNT - 3);
    await placed(COUNT - 3);
    await page.getByRole('radio', { name: '8×' }).click();
    await page.getByRole('button', { name: 'Play' }).click();
    await placed(COUNT);
    await expect.element(page.getByRole('button', { name: 'Play' })).toBeVisible();
  });
});

describe('branching off', () => {
  it('sends the event and whether to wait, says that files are as they are now, and opens the branch', async () => {
    const { host, client } = await lookBack({}, 40);
    await placed(40);
    await page.getByRole('button', { name: 'Branch off here' }).click();
    await expect.element(page.getByText('Files are as they are now, not as they were then.')).toBeVisible();
    await page.getByRole('button', { name: 'Branch off', exact: true }).click();
    await expect.poll(() => host.received.length).toBe(1);
    const [{ command, input } = { command: '', input: { id: '' } }] = host.received;
    expect([command, input]).toMatchObject([
      'run.fork',
      { run: RUN, sequence: 40, paused: true, approve: 'ask' },
    ]);
    expect(client.view.getState().selection).toEqual({ kind: 'run', run: input.id });
    expect(client.travel.getState().run).toBeNull();
  });

  it('says in place why it was refused', async () => {
    const { client } = await lookBack(
      { refused: { 'run.fork': fault('FORK_POINT_UNKNOWN', { sequence: 40 }) } },
      40,
    );
    await placed(40);
    await page.getByRole('button', { name: 'Branch off here' }).click();
    await page.getByRole('button', { name: 'Branch off', exact: true }).click();
    await expect.element(page.getByRole('alert').getByText('FORK_POINT_UNKNOWN')).toBeVisible();
    expect(client.travel.getState().run).toBe(RUN);
  });

  it('leaves a branch that says where it comes from and leads there', async () => {
    const { client } = await show(
      <>
        <Scrubber />
        <Inspector />
      </>,
      { runs: [fastqRun, branchAt(40)], contents },
      ({ view }) => view.select({ kind: 'run', run: 'run-branch' }),
    );
    await expect.element(page.getByText(/Branched off “Explain this folder” after event 40\./)).toBeVisible();
    await page.getByRole('button', { name: 'Show event 40' }).click();
    await placed(40);
    expect(client.travel.getState().run).toBe(RUN);
  });
});

describe('two runs side by side', () => {
  const compare = (other: string | null, runs: Script['runs'] = [fastqRun, branchAt(40)]) =>
    show(<CompareDialog />, { runs, contents }, ({ view }) => view.compare('run-branch', other));

  it('mark what differs by more than colour, and leave out what is the same', async () => {
    await compare(RUN);
    await expect.element(page.getByRole('dialog', { name: 'Compare two runs' })).toBeVisible();
    const whole = fold(fastqRun);
    const early = fold(branchAt(40));
    const same = early?.tasks.filter((task, place) => task.status.name === whole?.tasks[place]?.status.name);
    const differing = (whole?.tasks.length ?? 0) - (same?.length ?? 0);
    await expect.element(page.getByText(`${differing} of 7 tasks differ`)).toBeVisible();
    expect(page.getByRole('table').elements()).toHaveLength(differing + 1);
    expect(page.getByRole('img', { name: 'Differs' }).elements().length).toBeGreaterThan(differing);
    await page.getByRole('radio', { name: 'All tasks' }).click();
    await expect.poll(() => page.getByRole('table').elements().length).toBe(8);
  });

  it('say that nothing differs between a run and itself', async () => {
    await compare(RUN, [fastqRun, branchAt(COUNT)]);
    await expect.element(page.getByText('No task differs')).toBeVisible();
  });

  it('are chosen from all runs', async () => {
    const { client } = await compare(null, [fastqRun, branchAt(40), renameRun]);
    const offered = page.getByRole('region', { name: 'No second run is chosen' });
    await offered
      .getByRole('button', { name: /Verified/ })
      .first()
      .click();
    expect(client.view.getState().compared?.one).toBe('run-branch');
    expect(client.view.getState().compared?.other).not.toBeNull();
    await page.getByRole('button', { name: 'Choose another run' }).click();
    await page.getByRole('menuitemcheckbox', { name: /fastqueue/i }).click();
    expect(client.view.getState().compared).toEqual({ one: 'run-branch', other: 'run-rename' });
  });
});

describe('a history of ten thousand events', () => {
  it('is folded once and shows any event within a frame or two', () => {
    const history = new RunHistory();
    const tail = Array.from({ length: 10_000 - COUNT }, (_, place) =>
      recordedEvent(
        { type: 'run.paused', time: '2026-01-01T00:00:00.000Z', data: { reason: 'person', fault: null } },
        COUNT + place + 1,
      ),
    );
    history.add([...fastqRun, ...tail]);
    expect(history.events).toHaveLength(10_000);
    const begun = performance.now();
    for (let at = 9_950; at > 0; at -= 97) history.stateAfter(at);
    expect((performance.now() - begun) / 103).toBeLessThan(16);
    expect(history.stateAfter(137)).toEqual(fold([...fastqRun, ...tail].slice(0, 137)));
  });
});
