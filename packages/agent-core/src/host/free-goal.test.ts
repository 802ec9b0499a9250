import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { CallPreview } from '@soma/schemas/event';
import { openApprovals, type RunState, type TaskState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FREE_GOAL } from '../testing/free-goal-scenario.ts';
import { type FreeGoalWorld, openFreeGoalWorld } from '../testing/free-goal-world.ts';
import { settled, submitGoal } from '../testing/run-scenario.ts';
import { openScriptedChat } from '../testing/scripted-chat.ts';

const KEEPER = '# The keeper\nLight the lantern at dusk.\nIt burns rape oil.\n';

let world: FreeGoalWorld;
let folder: FreeGoalWorld['folder'];
let host: ReturnType<FreeGoalWorld['host']>;
let calls: ReturnType<FreeGoalWorld['calls']>;
let chat: FreeGoalWorld['chat'];

beforeEach(async () => {
  world = await openFreeGoalWorld({ 'keeper.md': KEEPER });
  ({ folder, chat } = world);
  host = world.host();
  calls = world.calls();
});
afterEach(() => world.close());

const read = { id: 'read', title: 'Read it', tool: 'read_file', arguments: { path: 'keeper.md' }, after: [] };
const oil = { text: 'They burn rape oil.', path: 'keeper.md', line: 3, quote: 'It burns rape oil.' };
const done = { lines: [oil], missing: null, tasks: [] };

async function play(plan?: string): Promise<RunState> {
  await submitGoal(calls, {
    run: 'r',
    folder: folder.path,
    goal: FREE_GOAL,
    ...(plan !== undefined && { plan }),
  });
  return settled(host, 'r');
}

async function answer(asking: RunState, scope: 'once' | 'run' = 'once'): Promise<RunState> {
  const [asked] = openApprovals(asking);
  if (asked === undefined) throw new Error('nothing is asked');
  const given = { run: 'r', approval: asked.id, argumentsHash: asked.arguments.hash, reach: { scope } };
  await calls.approval.answer({ id: asked.id.replaceAll('.', '-'), ...given, answer: 'approved' });
  return settled(host, 'r');
}

function names(state: RunState): readonly (readonly [string, string])[] {
  return state.tasks.flatMap(({ id, status }) => (id === 'guides' ? [] : [[id, status.name] as const]));
}

function of({ tasks }: RunState, id: string): TaskState | undefined {
  return tasks.find((task) => task.id === id);
}

describe('a goal that no plan fits', () => {
  it('is worked out with a model: it plans, the tools read, it answers, and its lines are checked', async () => {
    chat.says({ tasks: [read] }, done);
    const state = await play();
    expect(state.status).toMatchObject({ name: 'ended', state: 'verified' });
    expect(names(state)).toEqual([
      ['think', 'empty'],
      ['read', 'empty'],
      ['answer', 'verified'],
    ]);
    expect(of(state, 'answer')?.evidence).toMatchObject([
      { claim: { text: oil.text, citation: { path: 'keeper.md', line: 3 } }, verdict: { checked: true } },
    ]);
    expect(state.artifacts).toMatchObject([{ title: 'Answer', task: 'answer' }]);
    // What the tool read was in what the model was sent, and the goal both times.
    expect(chat.asked(1)).toContain('It burns rape oil.');
    expect(chat.asked(0)).toContain('moonless');
    expect(chat.asked(1)).toContain('moonless');
  });

  it('is refused as ever where no model was added, or none that passed what it takes', async () => {
    for (const models of [[], [{ ...chat.model, passed: ['summary'] as const }]]) {
      world.useModels(models);
      await expect(play()).rejects.toThrow('PLAN_NOT_MATCHED');
    }
    world.useModels([{ ...chat.model, passed: ['schema'] }]);
    const asked = await play('free-goal');
    expect(of(asked, 'think')?.status).toMatchObject({ fault: { code: 'MODEL_NONE_FITS' } });
    expect(chat.endpoint.asked).toEqual([]);
  });

  it('goes on for as many rounds as its plan allows, each answer seeing all that was found', async () => {
    const again = {
      lines: [],
      missing: 'Not enough yet.',
      tasks: [{ ...read, tool: 'list_files', arguments: {} }],
    };
    chat.says({ tasks: [read] }, again, again, { ...again, lines: [oil] });
    const state = await play();
    expect(names(state)).toEqual([
      ['think', 'empty'],
      ['read', 'empty'],
      ['answer', 'dropped'],
      ['read-2', 'empty'],
      ['answer-2', 'dropped'],
      ['read-3', 'empty'],
      ['answer-3', 'verified'],
    ]);
    expect(state.status).toMatchObject({ state: 'verified' });
    expect(chat.asked(3)).toContain('It burns rape oil.');
    expect(chat.endpoint.asked).toHaveLength(4);
  });

  it('ends unverified where a line is not what the file says, and where nothing of the answer can be checked', async () => {
    chat.says({ tasks: [read] }, { ...done, lines: [{ ...oil, quote: 'It burns whale oil.' }] });
    expect((await play()).status).toMatchObject({ state: 'unverified' });
    chat.says(
      { tasks: [read] },
      { ...done, lines: [{ text: 'Who knows.', path: null, line: null, quote: null }] },
    );
    await submitGoal(calls, { run: 'w', folder: folder.path, goal: FREE_GOAL });
    const words = await settled(host, 'w');
    expect(words.status).toMatchObject({ state: 'unverified', note: { code: 'nothing-claimed' } });
  });

  it('tells the model what a tool failed with, and still ends', async () => {
    chat.says(
      {
        tasks: [
          { ...read, arguments: { path: 'gone.md' } },
          { ...read, id: 'two' },
        ],
      },
      done,
    );
    const state = await play();
    expect(names(state).slice(1)).toEqual([
      ['read', 'failed'],
      ['two', 'empty'],
      ['answer', 'verified'],
    ]);
    expect(state.status).toMatchObject({ state: 'verified' });
    expect(chat.asked(1)).toContain('FILE_GONE');
  });

  it('tells the model how the folder wants work done, with the place of each guide', async () => {
    folder.write({ 'skills/oil/SKILL.md': '---\nname: oil\ndescription: Knows oils.\n---\nLong.\n' });
    chat.says({ tasks: [read] }, done);
    expect((await play()).status).toMatchObject({ state: 'verified' });
    for (const asked of [chat.asked(0), chat.asked(1)]) {
      expect(asked).toContain('Skill oil: Knows oils.');
      expect(asked).not.toContain('Long.');
    }
    folder.write({ 'AGENTS.md': 'Oil is never named by its brand.\n' });
    chat.says({ tasks: [read] }, done);
    await submitGoal(calls, { run: 'g', folder: folder.path, goal: FREE_GOAL });
    await settled(host, 'g');
    expect(chat.asked(2)).toContain('## AGENTS.md');
    expect(chat.asked(3)).toContain('Oil is never named by its brand.');
  });

  it('takes texts of a model as they stand, also those that look like an expression', async () => {
    const text = '=goal & "x"';
    const search = { id: 'look', title: 'Look', tool: 'search_files', after: [], arguments: { text } };
    chat.says({ tasks: [search] }, done);
    const state = await play();
    const call = state.calls['r.look.1.execute'];
    expect(JSON.parse(call?.arguments.inline ?? '')).toMatchObject({ text });
  });

  it('asks a person before anything leaves the computer, shows what would be sent, and asks anew for another model', async () => {
    const other = await openScriptedChat({ model: 'scripted-2' });
    world.useModels([
      { ...chat.model, local: false },
      { ...other.model, local: false },
    ]);
    chat.says({ tasks: [read] });
    chat.endpoint.scripts.push({ status: 401, body: { error: { message: 'no' } } });
    other.says(done);
    const first = await play();
    expect(openApprovals(first)).toMatchObject([{ tool: 'ask_model', task: 'think' }]);
    expect(chat.endpoint.asked).toEqual([]);
    const preview = first.calls['r.think.1.execute']?.preview;
    const shown = await host.store.content.get(first.scope, preview ?? first.goal);
    const sent = CallPreview.parse(JSON.parse(shown ?? ''));
    expect(sent).toMatchObject({ kind: 'turn', model: { model: 'scripted-1' }, address: chat.model.address });
    // For the rest of the run means of this model: the second asks anew.
    const second = await answer(first, 'run');
    expect(chat.endpoint.asked).toHaveLength(2);
    expect(openApprovals(second)).toMatchObject([{ task: 'answer', attempt: 2 }]);
    expect(other.endpoint.asked).toEqual([]);
    const last = await answer(second);
    expect(last.status).toMatchObject({ state: 'verified' });
    expect(of(last, 'answer')?.routed).toMatchObject([
      { attempt: 1, model: { model: 'scripted-1' }, passedOver: [] },
      { attempt: 2, model: { model: 'scripted-2' }, passedOver: [{ note: { code: 'model-failed-here' } }] },
    ]);
    await other.close();
  });

  it('asks anew when another model takes the same task over, whatever was allowed of the first', async () => {
    const other = await openScriptedChat({ model: 'scripted-2' });
    world.useModels([
      { ...chat.model, local: false },
      { ...other.model, local: false },
    ]);
    chat.endpoint.scripts.push({ status: 401, body: { error: { message: 'no' } } });
    const second = await answer(await play(), 'run');
    expect(chat.endpoint.asked).toHaveLength(1);
    expect(openApprovals(second)).toMatchObject([{ task: 'think', attempt: 2 }]);
    expect(other.endpoint.asked).toEqual([]);
    const [asked] = openApprovals(second);
    const until = new Date(Date.now() + 3600_000).toISOString();
    const forFolder = { run: 'r', approval: asked?.id ?? '', argumentsHash: asked?.arguments.hash ?? '' };
    expect(
      await calls.approval.answer({
        ...{ id: 'folder', ...forFolder, answer: 'approved' },
        reach: { scope: 'folder', until },
      }),
    ).toMatchObject({ ok: false, fault: { code: 'INVALID_INPUT' } });
    await other.close();
  });

  it('prefers its first model again when a person has the task done again', async () => {
    const other = await openScriptedChat({ model: 'scripted-2' });
    world.useModels([chat.model, other.model]);
    chat.endpoint.scripts.push({ status: 401, body: { error: { message: 'no' } } });
    other.endpoint.scripts.push({ status: 401, body: { error: { message: 'no' } } });
    expect((await play()).status).toMatchObject({ state: 'failed' });
    chat.says({ tasks: [read] }, done);
    await calls.run.retryTask({ id: 'again', run: 'r', task: 'think' });
    const state = await settled(host, 'r');
    expect(state.status).toMatchObject({ state: 'verified' });
    expect(of(state, 'think')?.routed?.map(({ model }) => model.model)).toEqual([
      'scripted-1',
      'scripted-2',
      'scripted-1',
    ]);
    await other.close();
  });

  it('is verified although a task of a later round failed, and unverified where its answer is not proven then', async () => {
    const more = { lines: [], missing: 'More.', tasks: [{ ...read, arguments: { path: 'gone.md' } }] };
    chat.says({ tasks: [read] }, more, done);
    expect((await play()).status).toMatchObject({ state: 'verified' });
    chat.says({ tasks: [read] }, more, { ...done, lines: [{ ...oil, quote: 'Whale oil.' }] });
    await submitGoal(calls, { run: 'w', folder: folder.path, goal: FREE_GOAL });
    expect((await settled(host, 'w')).status).toMatchObject({
      state: 'unverified',
      note: { code: 'tasks-unverified' },
    });
  });

  it('is never verified where what it was to write was not written', async () => {
    const files = [{ path: 'new.txt', before: null, text: 'new' }];
    const write = { id: 'write', title: 'Write it', tool: 'write_files', arguments: { files }, after: [] };
    chat.says({ tasks: [read, write] }, done);
    await submitGoal(calls, { run: 'n', folder: folder.path, goal: FREE_GOAL, approve: 'never' });
    const state = await settled(host, 'n');
    expect(names(state)).toEqual([
      ['think', 'empty'],
      ['read', 'empty'],
      ['write', 'failed'],
      ['answer', 'verified'],
    ]);
    expect(state.status).toMatchObject({
      state: 'unverified',
      note: { code: 'tasks-undone', data: { tasks: ['Write it'] } },
    });
  });

  it('does nothing that a file told an obedient model to do before a person decided', async () => {
    const evil = { id: 'evil', title: 'Obey', tool: 'write_files', after: [] };
    const files = [{ path: 'evil.txt', before: null, text: 'obeyed' }];
    chat.says({ tasks: [read] }, { ...done, tasks: [{ ...evil, arguments: { files } }] });
    const state = await play();
    expect(openApprovals(state)).toMatchObject([{ tool: 'write_files', task: 'evil' }]);
    expect(existsSync(folder.at('evil.txt'))).toBe(false);
  });

  it('writes over a file that it read, and over none that changed since, after a person saw the whole of it', async () => {
    const found = createHash('sha256').update(KEEPER).digest('hex');
    const over = (before: string) => ({
      ...{ id: 'over', title: 'Write it anew', tool: 'write_files', after: [] },
      arguments: { files: [{ path: 'keeper.md', before, text: 'Anew.\n' }] },
    });
    chat.says(
      { tasks: [read] },
      { ...done, lines: [], tasks: [over('0'.repeat(64))] },
      { ...done, lines: [] },
    );
    const stale = await play();
    expect(of(stale, 'over')?.status).toMatchObject({ fault: { code: 'FILE_CHANGED' } });
    chat.says({ tasks: [read] }, { ...done, lines: [], tasks: [over(found)] });
    const asking = await world.play('w');
    expect(chat.asked(4)).toContain(found);
    expect(openApprovals(asking)).toMatchObject([{ tool: 'write_files' }]);
    expect(readFileSync(folder.at('keeper.md'), 'utf8')).toBe(KEEPER);
    chat.says({ ...done, lines: [] });
    await world.allow(asking);
    expect(readFileSync(folder.at('keeper.md'), 'utf8')).toBe('Anew.\n');
  });

  it('keeps what each call took of its model, and says unknown where nobody said', async () => {
    world.useModels([{ ...chat.model, price: { input: 2, output: 8, cached: null } }]);
    chat.says({ tasks: [read] }, done);
    const state = await play();
    const call = state.calls['r.answer.1.execute'];
    const spent = call?.outcome.name === 'completed' ? call.outcome.spent : undefined;
    const { input, output } = spent?.usage ?? { input: null, output: null };
    if (input === null || output === null || spent === undefined) throw new Error('nothing was counted');
    expect(spent.dollars).toBeCloseTo((input * 2 + output * 8) / 1_000_000, 12);
    expect(spent).toMatchObject({ model: 'scripted-1', requests: 1 });
    expect(spent.firstMs).toBeGreaterThan(0);
  });
});
