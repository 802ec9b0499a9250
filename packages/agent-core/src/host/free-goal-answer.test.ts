import type { RunState, TaskState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FREE_GOAL } from '../testing/free-goal-scenario.ts';
import { type FreeGoalWorld, openFreeGoalWorld } from '../testing/free-goal-world.ts';
import { settled, submitGoal } from '../testing/run-scenario.ts';

const read = { id: 'read', title: 'Read it', tool: 'read_file', arguments: { path: 'keeper.md' }, after: [] };
const oil = { text: 'They burn rape oil.', path: 'keeper.md', line: 1, quote: 'It burns rape oil.' };
const done = { lines: [oil], missing: null, tasks: [] };

let world: FreeGoalWorld;
let folder: FreeGoalWorld['folder'];
let host: ReturnType<FreeGoalWorld['host']>;
let calls: ReturnType<FreeGoalWorld['calls']>;
let chat: FreeGoalWorld['chat'];

beforeEach(async () => {
  world = await openFreeGoalWorld({ 'keeper.md': 'It burns rape oil.\n' });
  ({ folder, chat } = world);
  host = world.host();
  calls = world.calls();
});
afterEach(() => world.close());

async function play(): Promise<RunState> {
  await submitGoal(calls, { run: 'r', folder: folder.path, goal: FREE_GOAL });
  return settled(host, 'r');
}

function of({ tasks }: RunState, id: string): TaskState | undefined {
  return tasks.find((task) => task.id === id);
}

describe('an answer that is not what was asked for', () => {
  it('is mended where there is but one way to mean it', async () => {
    const text = `Here you are:\n\`\`\`json\n${JSON.stringify({
      tasks: [{ ...read, id: 'Read It!', tool: 'read-file', arguments: '{"path":"keeper.md"}' }],
    }).replace('}]', '},]')}\n\`\`\``;
    chat.endpoint.scripts.push({ text });
    chat.says(done);
    const state = await play();
    expect(of(state, 'read-it')?.status.name).toBe('empty');
    expect(state.status).toMatchObject({ state: 'verified' });
    const call = state.calls['r.think.1.execute'];
    const result = call?.outcome.name === 'completed' ? call.outcome.result : state.goal;
    const output = JSON.parse((await host.store.content.get(state.scope, result)) ?? '');
    expect(output.repairs).toEqual(['words-around', 'commas', 'tool-name', 'arguments-text', 'task-name']);
    expect(output.rejected).toEqual([]);
  });

  it('is asked for again, quoting what is wrong, and given up when it stays so', async () => {
    const wrong = { tasks: [{ ...read, tool: 'launch_rockets' }] };
    chat.says(wrong, { tasks: [{ ...read, arguments: { path: 7 } }] }, { tasks: [read] }, done);
    const state = await play();
    expect(state.status).toMatchObject({ state: 'verified' });
    expect(chat.asked(1)).toContain('launch_rockets');
    expect(chat.asked(1)).toContain('cannot be used');
    expect(chat.asked(2)).toContain('tasks[0].arguments.path');
    chat.says(wrong, wrong, wrong);
    await submitGoal(calls, { run: 'x', folder: folder.path, goal: FREE_GOAL });
    const rejected = await settled(host, 'x');
    expect(of(rejected, 'think')?.status).toMatchObject({ fault: { code: 'MODEL_ANSWER_REJECTED' } });
    const call = rejected.calls['x.think.1.execute'];
    expect(call?.outcome).toMatchObject({ name: 'failed', spent: { requests: 3 } });
    expect(chat.endpoint.asked).toHaveLength(7);
  });
});
