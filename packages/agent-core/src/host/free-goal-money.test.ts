import { dollarsIn, NO_MONEY, openApprovals, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FREE_GOAL, saidTo } from '../testing/free-goal-scenario.ts';
import { type FreeGoalWorld, openFreeGoalWorld } from '../testing/free-goal-world.ts';
import { aScope } from '../testing/local-store.ts';
import { eventsOf, settled, submitGoal } from '../testing/run-scenario.ts';

/** US dollars for a million tokens, so that a call may cost some cents. */
const PRICE = { input: 10, output: 10, cached: null };

let world: FreeGoalWorld;
let folder: FreeGoalWorld['folder'];
let host: ReturnType<FreeGoalWorld['host']>;
let calls: ReturnType<FreeGoalWorld['calls']>;
let chat: FreeGoalWorld['chat'];

beforeEach(async () => {
  world = await openFreeGoalWorld({ 'keeper.md': 'It burns rape oil.\n' }, { otherwise: saidTo });
  ({ folder, chat } = world);
  host = world.host();
  calls = world.calls();
  world.useModels([{ ...chat.model, price: PRICE, local: false }]);
});
afterEach(() => world.close());

async function play(run = 'r'): Promise<RunState> {
  await submitGoal(calls, { run, folder: folder.path, goal: FREE_GOAL, approve: 'all' });
  return settled(host, run);
}

async function budget(perRun: number | null, perDay: number | null): Promise<void> {
  const id = `budget-${perRun}-${perDay}`.replaceAll('.', '-');
  expect(await calls.budget.set({ id, budget: { perRun, perDay } })).toMatchObject({ ok: true });
}

async function moneyOf(run: string) {
  return (await host.log.runs.get(aScope(), run))?.money ?? NO_MONEY;
}

describe('the money of a call', () => {
  it('is kept back before it and settled in the commit that says what came of it', async () => {
    const state = await play();
    expect(state.status).toMatchObject({ state: 'verified' });
    const events = await eventsOf(host, 'r');
    const kept = events.flatMap((event) =>
      event.type === 'tool-call.decided' && event.data.reserved !== undefined ? [event.data] : [],
    );
    const spent = events.flatMap((event) =>
      event.type === 'tool-call.completed' && event.data.spent !== undefined ? [event.data] : [],
    );
    expect(kept.map(({ call }) => call)).toEqual(spent.map(({ call }) => call));
    expect(kept).toHaveLength(3);
    for (const [index, { reserved }] of kept.entries())
      expect(reserved).toBeGreaterThan(spent[index]?.spent?.dollars ?? Number.POSITIVE_INFINITY);
    const sum = spent.reduce((all, one) => all + (one.spent?.dollars ?? 0), 0);
    expect(dollarsIn(await moneyOf('r'))).toBeCloseTo(sum, 12);
    expect(await moneyOf('r')).toMatchObject({ days: [{ unpriced: 0 }], reserved: {} });
  });

  it('that a run may not take pauses it, loses nothing, and goes on once a person allows more', async () => {
    await budget(0.01, null);
    const held = await play();
    expect(held.status).toMatchObject({
      name: 'paused',
      fault: { code: 'BUDGET_REACHED', data: { per: 'run' } },
    });
    expect(chat.endpoint.asked).toEqual([]);
    await calls.run.resume({ id: 'too-soon', run: 'r' });
    expect((await settled(host, 'r')).status).toMatchObject({ name: 'paused' });
    await budget(10, null);
    await calls.run.resume({ id: 'again', run: 'r' });
    const state = await settled(host, 'r');
    expect(state.status).toMatchObject({ state: 'verified' });
    expect(chat.endpoint.asked).toHaveLength(3);
  });

  it('of all runs of a day is one sum, also after the host was opened anew', async () => {
    await budget(null, null);
    await play();
    const once = dollarsIn(await moneyOf('r'));
    await world.reopen();
    host = world.host();
    calls = world.calls();
    await budget(null, once + 0.001);
    const held = await play('second');
    expect(held.status).toMatchObject({ name: 'paused', fault: { data: { per: 'day' } } });
    expect(chat.endpoint.asked).toHaveLength(3);
  });

  it('is nothing where the model never took the request up', async () => {
    chat.endpoint.scripts.push({ status: 401, body: { error: { message: 'no' } } });
    expect((await play()).status).toMatchObject({ state: 'failed' });
    expect(await moneyOf('r')).toMatchObject({ days: [{ unpriced: 0 }], reserved: {} });
    expect(dollarsIn(await moneyOf('r'))).toBe(0);
  });

  it('of a call under way counts for the day on which its run ended, and for no other', async () => {
    chat.endpoint.scripts.push({ text: 'slow', wait: 60_000 });
    await submitGoal(calls, { run: 's', folder: folder.path, goal: FREE_GOAL, approve: 'all' });
    await vi.waitFor(() => expect(chat.endpoint.asked).toHaveLength(1), 10_000);
    const [kept = 0] = Object.values((await moneyOf('s')).reserved);
    expect(kept).toBeGreaterThan(0);
    await calls.run.stop({ id: 'stop', run: 's' });
    const money = await moneyOf('s');
    expect(money).toMatchObject({ days: [{ dollars: kept }], reserved: {} });
    expect(dollarsIn(money, '2000-01-01')).toBe(0);
  });

  it('of an unknown price is held up all the same once a limit is reached', async () => {
    await play();
    await budget(dollarsIn(await moneyOf('r')) / 2, dollarsIn(await moneyOf('r')) / 2);
    world.useModels([{ ...chat.model, local: false }]);
    expect((await play('later')).status).toMatchObject({ name: 'paused', fault: { data: { per: 'day' } } });
  });

  it('never holds up what stays on this computer', async () => {
    await budget(0, 0);
    world.useModels([chat.model]);
    expect((await play()).status).toMatchObject({ state: 'verified' });
    expect(dollarsIn(await moneyOf('r'))).toBe(0);
  });

  it('of which nobody knows the price is a person’s to allow, and is told as unknown', async () => {
    world.useModels([{ ...chat.model, local: false }]);
    await submitGoal(calls, { run: 'u', folder: folder.path, goal: FREE_GOAL });
    const asked = await settled(host, 'u');
    expect(openApprovals(asked)).toMatchObject([{ tool: 'ask_model' }]);
    await calls.run.stop({ id: 'stop', run: 'u' });
    await play();
    expect(await moneyOf('r')).toMatchObject({ days: [{ dollars: 0, unpriced: 3 }], reserved: {} });
  });
});
