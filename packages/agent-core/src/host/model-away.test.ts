import type { HostCalls, ModelsAway } from '@soma/schemas/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatModel } from '../port/index.ts';
import { FREE_GOAL, saidTo } from '../testing/free-goal-scenario.ts';
import { temporaryFolder } from '../testing/local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from '../testing/run-scenario.ts';
import { type SampleFolder, sampleFolder } from '../testing/sample-folder.ts';
import { openScriptedChat, type ScriptedChat } from '../testing/scripted-chat.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

const RUNS = ['one', 'two', 'three'] as const;
/** A free goal of the scenario asks for a plan, looks again, and answers. */
const TURNS = 3;

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let host: TestHost;
let calls: HostCalls;
let chat: ScriptedChat;
let added: ChatModel[];
let news: AbortController;
/** The last that was told of models that are away. */
let away: ModelsAway | null;

beforeEach(async () => {
  folder = sampleFolder({ 'keeper.md': 'It burns rape oil.\n' });
  data = temporaryFolder();
  chat = await openScriptedChat({ otherwise: saidTo });
  added = [chat.model];
  await open();
});
afterEach(async () => {
  await close();
  await chat.close().catch(() => undefined);
  data.remove();
  folder.remove();
});

async function open(): Promise<void> {
  host = await openTestHost(data.path, [], { chat: { list: () => added } });
  calls = callsOf(host);
  news = new AbortController();
  away = null;
  void follow(calls, news.signal);
}

async function close(): Promise<void> {
  news.abort();
  await host.close();
}

async function follow(of: HostCalls, signal: AbortSignal): Promise<void> {
  for await (const piece of await of.workspace.watch({}, { signal }))
    if (piece.type === 'snapshot' || piece.type === 'away') away = piece.away;
}

const submit = (run: string) => submitGoal(calls, { run, folder: folder.path, goal: FREE_GOAL });
const waiting = (goals: number) =>
  expect.poll(() => away, { timeout: 10_000, interval: 5 }).toMatchObject({ goals });
const verified = { name: 'ended', state: 'verified' };

describe('goals whose model is not there', () => {
  it('wait, are counted, and all reach their end by themselves once it is back; nothing is asked twice', async () => {
    await chat.endpoint.close();
    for (const run of RUNS) await submit(run);
    await waiting(3);
    expect(away?.models).toMatchObject([
      { model: 'scripted-1', host: chat.endpoint.host, is: 'unreachable' },
    ]);
    await chat.endpoint.open();
    for (const run of RUNS) expect((await settled(host, run)).status).toMatchObject(verified);
    await waiting(0);
    expect(away).toEqual({ models: [], goals: 0 });
    expect(chat.endpoint.asked).toHaveLength(RUNS.length * TURNS);
    expect(chat.endpoint.charged.requests).toBe(RUNS.length * TURNS);
    for (const run of RUNS) {
      const spent = (await eventsOf(host, run)).flatMap((event) =>
        event.type === 'tool-call.failed' ? [event.data.spent?.dollars] : [],
      );
      expect(new Set(spent).size).toBeLessThanOrEqual(1);
      expect(spent[0] ?? 0).toBe(0);
    }
  });

  it('wait longer than any number of tries, with one of them asking at a time', async () => {
    const refused = { status: 502, body: '<p>Bad gateway</p>' };
    chat.endpoint.scripts.push(refused, refused, refused, refused);
    for (const run of RUNS) await submit(run);
    await waiting(3);
    for (const run of RUNS) expect((await settled(host, run)).status).toMatchObject(verified);
    expect(chat.endpoint.asked).toHaveLength(4 + RUNS.length * TURNS);
    expect(chat.endpoint.charged.requests).toBe(RUNS.length * TURNS);
  });

  it('are not counted any more once they are stopped, nor while their person has paused them', async () => {
    await chat.endpoint.close();
    for (const run of RUNS) await submit(run);
    await waiting(3);
    await calls.run.stop({ id: 'stop', run: 'one' });
    await waiting(2);
    await calls.run.pause({ id: 'pause', run: 'two' });
    await waiting(1);
    await calls.run.stop({ id: 'stop-three', run: 'three' });
    await waiting(0);
  });

  it('try again after a restart of the host', async () => {
    await chat.endpoint.close();
    await submit('one');
    await waiting(1);
    await close();
    await open();
    expect((await calls.run.resume({ id: 'resume', run: 'one' })).ok).toBe(true);
    await waiting(1);
    await chat.endpoint.open();
    expect((await settled(host, 'one')).status).toMatchObject(verified);
    expect(chat.endpoint.charged.requests).toBe(TURNS);
  });

  it('go on with a model that is added meanwhile, with the reason on record', async () => {
    await chat.endpoint.close();
    for (const run of RUNS) await submit(run);
    await waiting(3);
    const other = await openScriptedChat({ otherwise: saidTo, model: 'scripted-2' });
    added.push(other.model);
    const states = await Promise.all(RUNS.map((run) => settled(host, run)));
    for (const { status } of states) expect(status).toMatchObject(verified);
    const routed = states.flatMap(({ tasks }) => tasks.flatMap((task) => task.routed ?? []));
    const notes = routed.flatMap(({ passedOver }) => passedOver.map(({ note }) => note.code));
    expect(notes).toContain('model-away');
    await other.close();
  });
});

describe('a model that refuses', () => {
  it.each([
    [401, 'Incorrect API key'],
    [400, 'Bad request'],
  ])('with %d %s is there, and no goal waits for it', async (status, message) => {
    for (let times = 0; times < 6; times += 1)
      chat.endpoint.scripts.push({ status, body: { error: { message } } });
    for (const run of RUNS) await submit(run);
    for (const run of RUNS) expect((await settled(host, run)).status).toMatchObject({ state: 'failed' });
    expect(away).toEqual({ models: [], goals: 0 });
    expect(chat.endpoint.asked).toHaveLength(RUNS.length);
  });
});
