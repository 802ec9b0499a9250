import { join } from 'node:path';
import { phaseOf, type RunState } from '@soma/schemas/run';
import { expect } from 'vitest';
import { childrenOf, DELEGATING_PLANS, writeDocs } from './delegate-scenario.ts';
import { aScope, temporaryFolder } from './local-store.ts';
import { seeded } from './random.ts';
import { callsOf, eventsOf, settled, submitGoal } from './run-scenario.ts';
import { type Loss, Striker } from './struck-port.ts';
import { STUMBLING } from './take-back-scenario.ts';
import { openTestHost, type TestHost } from './test-host.ts';

/** Uses of the ports by which a run reaches the board and other runs. */
export const HOST_USES = [
  ...(['hub.mutate', 'hub.probe', 'hub.undoAll', 'hub.snapshot'] as const),
  ...(['delegate.start', 'delegate.watch', 'delegate.cancel'] as const),
] as const;
export type HostUse = (typeof HOST_USES)[number];

const RUN = 'asks';

/**
 * A run has another one find something and puts a card on the board, while one use of a port goes wrong. What does not come to its end by itself is
 * done again by a person; nothing is there twice, whatever was lost.
 */
export async function playHostLoss(one: {
  readonly use: HostUse;
  readonly loss: Loss;
  readonly seed: number;
}): Promise<{ struck: boolean }> {
  const random = seeded(one.seed);
  const striker = new Striker({
    ...{ use: one.use, loss: one.loss, first: 1 + random.below(one.use === 'hub.mutate' ? 6 : 1) },
    ...{ times: 1 + random.below(2), asFault: true },
  });
  const home = temporaryFolder();
  const folder = join(home.path, 'folder');
  writeDocs(folder);
  const around = striker.around.bind(striker);
  const opened = await openTestHost(join(home.path, 'data'), [...DELEGATING_PLANS, STUMBLING.draws], {
    around,
  });
  try {
    await opened.host.start();
    if (one.use === 'delegate.cancel') await playStopped(opened, folder);
    else if (one.use === 'hub.snapshot') await playTakenBack(opened, folder);
    else await playFound(opened, folder);
    return { struck: striker.struck > 0 };
  } finally {
    await opened.close();
    home.remove();
  }
}

async function playFound(opened: TestHost, folder: string): Promise<void> {
  const calls = callsOf(opened);
  await submitGoal(calls, { run: RUN, folder, goal: 'ask the docs', plan: 'ask-the-docs' });
  const state = await helped(opened);
  expect(phaseOf(state)).toBe('verified');
  const attempts = Object.values(state.calls).filter(({ tool }) => tool === 'delegate_goal');
  const children = await childrenOf(opened, RUN);
  expect(children.length, 'one run a call').toBeLessThanOrEqual(attempts.length);
  const board = { scope: aScope(), document: `canvas-${RUN}` };
  const shown = await opened.hub.snapshot(board);
  const cards = shown.nodes.filter(({ kind }) => kind === 'artifact').map(({ id }) => id);
  expect(new Set(cards).size).toBe(cards.length);
  for (const { node } of state.artifacts) expect(cards).toContain(node);
  expect(shown.nodes.filter(({ id }) => id === `run-${RUN}`)).toHaveLength(1);
  await undoneAndBack(opened);
  const events = await eventsOf(opened, RUN);
  const ended = events.flatMap((event) => (event.type === 'tool-call.completed' ? [event.data.call] : []));
  expect(new Set(ended).size).toBe(ended.length);
}

/** What a person undoes on the board is gone, and is back when they bring it back, though an answer of either was lost. */
async function undoneAndBack(opened: TestHost): Promise<void> {
  const calls = callsOf(opened);
  const own = async () => {
    const { nodes } = await opened.hub.snapshot({ scope: aScope(), document: `canvas-${RUN}` });
    return nodes.filter(({ id }) => id.startsWith(`artifact-${RUN}`)).map(({ id }) => id);
  };
  const before = await own();
  expect(before.length).toBeGreaterThan(0);
  for (const [redo, left] of [
    [false, []],
    [true, before],
  ] as const) {
    for (let tries = 1; tries <= 4; tries += 1) {
      const done = await calls.run
        .undoBoard({ id: `${String(redo)}-${tries}`, run: RUN, redo })
        .catch(() => null);
      if (done?.ok === true) break;
    }
    expect(await own()).toEqual(left);
  }
}

/** The run when it has ended, with what a person does for it: take it up, and do again what failed. */
async function helped(opened: TestHost): Promise<RunState> {
  const calls = callsOf(opened);
  for (let help = 1; help <= 6; help += 1) {
    const state = await settled(opened, RUN);
    const { status } = state;
    if (status.name === 'paused' || status.name === 'interrupted')
      expect(await calls.run.resume({ id: `resume-${help}`, run: RUN })).toMatchObject({ ok: true });
    const failed = state.tasks.find((task) => ['failed', 'waiting'].includes(task.status.name));
    if (status.name === 'ended' && failed === undefined) return state;
    if (failed !== undefined)
      expect(await calls.run.retryTask({ id: `retry-${help}`, run: RUN, task: failed.id })).toMatchObject({
        ok: true,
      });
  }
  throw new Error('however often it was done again, it did not come to its end');
}

/** What a run drew and cannot answer for is taken off the board again. */
async function playTakenBack(opened: TestHost, folder: string): Promise<void> {
  const calls = callsOf(opened);
  await submitGoal(calls, { run: RUN, folder, goal: 'draw-and-stumble', approve: 'all' });
  for (let help = 1; help <= 6; help += 1) {
    const { status } = await settled(opened, RUN);
    if (status.name === 'ended') break;
    expect(await calls.run.resume({ id: `resume-${help}`, run: RUN })).toMatchObject({ ok: true });
  }
  expect(phaseOf(await settled(opened, RUN))).toBe('failed');
  const { nodes } = await opened.hub.snapshot({ scope: aScope(), document: `canvas-${RUN}` });
  expect(nodes.map(({ kind }) => kind)).toEqual(['run']);
}

/** A run that waits for one that waits for a person is stopped: the other one is stopped with it, once the loss is over. */
async function playStopped(opened: TestHost, folder: string): Promise<void> {
  const calls = callsOf(opened);
  await submitGoal(calls, { run: RUN, folder, goal: 'have it said', plan: 'have-it-said' });
  await childWhere(opened, ({ phase }) => phase === 'waiting');
  expect(await calls.run.stop({ id: 'stop', run: RUN })).toMatchObject({ ok: true });
  expect(phaseOf(await settled(opened, RUN))).toBe('stopped');
  // What this process could not stop, the next start does.
  await childWhere(
    opened,
    ({ phase }) => phase === 'stopped',
    () => opened.host.start(),
  );
}

type Child = Awaited<ReturnType<typeof childrenOf>>[number];

async function childWhere(
  opened: TestHost,
  holds: (child: Child) => boolean,
  otherwise: () => Promise<void> = async () => undefined,
): Promise<void> {
  for (let look = 1; look <= 300; look += 1) {
    const children = await childrenOf(opened, RUN);
    expect(children.length).toBeLessThanOrEqual(1);
    if (children.some(holds)) return;
    if (look % 50 === 0) await otherwise();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the run that was started is not as it should be');
}
