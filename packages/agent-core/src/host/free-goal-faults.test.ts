import type { RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Script } from '../testing/endpoint-script.ts';
import { FREE_GOAL, saidTo } from '../testing/free-goal-scenario.ts';
import { type FreeGoalWorld, openFreeGoalWorld } from '../testing/free-goal-world.ts';
import { settled, submitGoal } from '../testing/run-scenario.ts';

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
});
afterEach(() => world.close());

const text = 'One word after the other, and on and on and on it goes.';
const error = (message: string, more: object = {}) => ({ error: { message, ...more } });
const page = '<!doctype html><p>Sign in</p>';

async function play(run = 'r'): Promise<RunState> {
  await submitGoal(calls, { run, folder: folder.path, goal: FREE_GOAL });
  return settled(host, run);
}

function thinkOf({ tasks }: RunState) {
  return tasks.find(({ id }) => id === 'think');
}

describe('a model that fails while it works a goal out', () => {
  it.each<[string, Script]>([
    ['is busy and does not say until when', { status: 429, body: error('Too many requests') }],
    ['is busy for a moment', { status: 429, body: error('Busy'), headers: { 'retry-after-ms': '20' } }],
    ['fails by itself', { status: 500, body: error('the engine died') }],
    ['drops the connection in the middle', { text, break: { after: 3, how: 'reset' } }],
    ['ends in the middle', { text, break: { after: 3, how: 'end' } }],
    ['says what is no JSON of its protocol', { text, break: { after: 2, how: 'garbled' } }],
    ['answers nothing', { status: 200, body: { choices: [] } }],
  ])('is asked again, and the goal reaches its end, where it %s', async (_, script) => {
    chat.endpoint.scripts.push(script);
    const state = await play();
    expect(state.status).toMatchObject({ name: 'ended', state: 'verified' });
    expect(thinkOf(state)?.attempt).toBe(2);
    expect(state.calls['r.think.1.execute']?.outcome).toMatchObject({ name: 'failed' });
    expect(chat.endpoint.asked).toHaveLength(4);
  });

  it.each<[string, string, Script]>([
    ['MODEL_KEY_REFUSED', 'does not take the key', { status: 401, body: error('Incorrect API key') }],
    ['MODEL_ANSWER_INVALID', 'shows a web page', { status: 404, body: page }],
    [
      'MODEL_NAME_UNKNOWN',
      'does not know the model',
      { status: 404, body: error('The model does not exist', { code: 'model_not_found' }) },
    ],
    [
      'MODEL_CONTEXT_TOO_LONG',
      'takes less than it was sent',
      { status: 400, body: error('maximum context length', { code: 'context_length_exceeded' }) },
    ],
  ])(
    'is not asked again by itself, %s where it %s; a person has it done again, and nothing is lost',
    async (code, _, script) => {
      chat.endpoint.scripts.push(script);
      const failed = await play();
      expect(failed.status).toMatchObject({ name: 'ended', state: 'failed' });
      expect(thinkOf(failed)?.status).toMatchObject({ name: 'failed', fault: { code } });
      expect(chat.endpoint.asked).toHaveLength(1);
      await calls.run.retryTask({ id: 'again', run: 'r', task: 'think' });
      const state = await settled(host, 'r');
      expect(state.status).toMatchObject({ name: 'ended', state: 'verified' });
      expect(chat.endpoint.asked).toHaveLength(4);
    },
  );

  it('serves two runs at once, each with what it asked', async () => {
    const runs = ['one', 'other'];
    for (const run of runs) await submitGoal(calls, { run, folder: folder.path, goal: FREE_GOAL });
    for (const run of runs)
      expect((await settled(host, run)).status).toMatchObject({ name: 'ended', state: 'verified' });
    expect(chat.endpoint.asked).toHaveLength(6);
  });
});
