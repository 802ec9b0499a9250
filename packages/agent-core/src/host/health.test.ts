import type { TurnAnswer } from '@soma/schemas/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../adapter/system/index.ts';
import { FIRST_REST_MS } from '../domain/breaker.ts';
import type { ChatModel } from '../port/index.ts';
import { turnOf } from '../testing/asked-model.ts';
import { ControllableClock } from '../testing/controllable-clock.ts';
import type { Script } from '../testing/endpoint-script.ts';
import { aScope, type LocalStore, openLocalStore, temporaryFolder } from '../testing/local-store.ts';
import { chatModelAt, chatOf, openScriptedChat, type ScriptedChat } from '../testing/scripted-chat.ts';
import { ModelHealth } from './health.ts';

const scope = aScope();
const down: Script = { status: 502, body: '<p>Bad gateway</p>' };
const slow = (seconds: string): Script => ({
  ...{ status: 429, body: { error: { message: 'slow down' } } },
  headers: { 'retry-after': seconds },
});

let data: ReturnType<typeof temporaryFolder>;
let store: LocalStore;
let clock: ControllableClock;
let chat: ScriptedChat;
let health: ModelHealth;
let other: ChatModel;

beforeEach(async () => {
  data = temporaryFolder();
  store = await openLocalStore(data.path);
  // What a provider advises is told by the wall clock.
  clock = new ControllableClock(systemClock.now());
  chat = await openScriptedChat();
  other = chatModelAt(chat.endpoint.address, { model: 'scripted-2' });
  health = new ModelHealth({ clock, store: store.ledger, scope, models: chatOf(chat.model, other) });
});
afterEach(async () => {
  health.close();
  store.close();
  await chat.close();
  data.remove();
});

/** What the model answers, as a host without the guard would ask it, or with it. */
function ask(guard: 'on' | 'off', signal = new AbortController().signal): Promise<TurnAnswer> {
  const [model = chat.model] = guard === 'on' ? health.guarded().list(scope) : [];
  return model.provider.ask({ scope, turn: turnOf('Hi'), signal });
}

async function times(number: number, guard: 'on' | 'off'): Promise<TurnAnswer[]> {
  const answers: TurnAnswer[] = [];
  for (let at = 0; at < number; at += 1) answers.push(await ask(guard));
  return answers;
}

describe('an endpoint whose adapter throws', () => {
  it('may be asked again, also where it was asked to see whether it is back', async () => {
    chat.endpoint.scripts.push(...Array.from({ length: 3 }, () => down));
    await times(3, 'on');
    clock.advance(FIRST_REST_MS * 4);
    const broken = { ...chat.model.provider, ask: () => Promise.reject(new Error('broken')) };
    const [model = chat.model] = health.guarded().list(scope);
    expect(health.mayAsk(model)).toBe(true);
    const throwing = { ...chat.model, provider: broken };
    await expect(
      health.seen(throwing).ask({ scope, turn: turnOf('Hi'), signal: new AbortController().signal }),
    ).rejects.toThrow('broken');
    expect(health.mayAsk(model)).toBe(true);
  });
});

describe('an endpoint that is away', () => {
  it('is asked again and again without the guard, and three times with it', async () => {
    chat.endpoint.scripts.push(...Array.from({ length: 10 }, () => down));
    await times(10, 'off');
    expect(chat.endpoint.asked).toHaveLength(10);
    chat.endpoint.scripts.push(...Array.from({ length: 3 }, () => down));
    const answers = await times(10, 'on');
    expect(chat.endpoint.asked).toHaveLength(13);
    expect(answers.at(-1)).toMatchObject({
      ok: false,
      charged: 'no',
      fault: { code: 'MODEL_UNREACHABLE', data: { cause: 'resting' } },
    });
    expect(health.mayAsk(other)).toBe(false);
  });

  it('is asked by one of many after the pause, and by all once that one was answered', async () => {
    chat.endpoint.scripts.push(down, down, down);
    await times(3, 'on');
    clock.advance(FIRST_REST_MS);
    const answers = await Promise.all([ask('on'), ask('on'), ask('on')]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(chat.endpoint.asked).toHaveLength(4);
    expect(await times(2, 'on')).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it('is asked by the next one when the one that was to see stops before it was answered', async () => {
    chat.endpoint.scripts.push(down, down, down, { status: 200, body: '', wait: null });
    await times(3, 'on');
    clock.advance(FIRST_REST_MS);
    const leaving = new AbortController();
    const left = ask('on', leaving.signal);
    await expect.poll(() => chat.endpoint.asked.length).toBe(4);
    leaving.abort();
    expect(await left).toMatchObject({ fault: { code: 'MODEL_TURN_STOPPED' } });
    expect(await ask('on')).toMatchObject({ ok: true });
  });

  it('is there again for everybody when a person sees that it is', async () => {
    chat.endpoint.scripts.push(down, down, down);
    await times(3, 'on');
    expect(health.away(scope)).toMatchObject({ models: [{ id: chat.model.id }, { id: other.id }], goals: 0 });
    await health.seen(chat.model).ask({ scope, turn: turnOf('Hi'), signal: new AbortController().signal });
    expect(health.away(scope)).toEqual({ models: [], goals: 0 });
    expect(await ask('on')).toMatchObject({ ok: true });
  });
});

describe('a model that takes no more requests', () => {
  it('rests as long as its provider says, while another at the same place may be asked', async () => {
    chat.endpoint.scripts.push(slow('30'), slow('30'), slow('30'));
    await times(3, 'on');
    expect(health.mayAsk(other)).toBe(true);
    expect(health.away(scope).models).toMatchObject([{ id: chat.model.id, is: 'busy' }]);
    clock.advance(28_000);
    expect(await ask('on')).toMatchObject({ fault: { code: 'MODEL_BUSY' }, charged: 'no' });
    expect(chat.endpoint.asked).toHaveLength(3);
    clock.advance(30_000);
    expect(await ask('on')).toMatchObject({ ok: true });
  });
});
