import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCalls } from '@soma/schemas/contract';
import { CallPreview, type RecordedRunEvent } from '@soma/schemas/event';
import { openApprovals, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatModel } from '../port/index.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from '../testing/run-scenario.ts';
import { type SampleFolder, sampleFolder } from '../testing/sample-folder.ts';
import { openScriptedChat, type ScriptedChat } from '../testing/scripted-chat.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

const GOAL = 'Advise me on moonless nights and the oil of the lantern';
const READER = `---
name: keeper
title: Keeper
description: Keeps the lantern.
tools: [read_file]
---
Speak of lanterns alone.
`;
/** Asks a model as a person's own agent, and gives the agent's further tasks to nobody else. */
const OWN_PLAN = `schema: packaged-plan.v1
name: ask-the-keeper
version: 1.0.0
title: Ask the keeper
description: Asks a model as an agent of one's own.
examples: [ask the keeper]
rights: [read, board, write, model]
tasks:
  - id: ask
    title: Ask
    tool: ask_model
    agent: keeper
    arguments: { kind: plan, goal: =goal }
    next: { tasks: result.tasks, rounds: 1 }
`;
/** What a result asks for here is made by the plan itself, past everything that looks at a model's words. */
const BREAKING_PLAN = `schema: packaged-plan.v1
name: break-out
version: 1.0.0
title: Break out
description: Has a task of a reading agent ask for a task that writes.
examples: [break out]
rights: [read, board, write]
tasks:
  - id: look
    title: Look
    tool: list_files
    agent: researcher
    next:
      tasks: '[{ "id": "evil", "title": "Write", "tool": "write_files", "arguments": { "files": [{ "path": "evil.txt", "before": null, "text": "x" }] }, "after": [] }]'
      rounds: 1
`;

/** Asks for a search that is remembered, by an agent that may not search any more the second time. */
const RECALLING_PLAN = `schema: packaged-plan.v1
name: recall-oil
version: 1.0.0
title: Recall oil
description: Has an agent that lists files ask for a search.
examples: [recall oil]
rights: [read, board]
tasks:
  - id: look
    title: Look
    tool: read_file
    agent: keeper
    arguments: { path: keeper.md }
    next: { tasks: '[{ "id": "find", "title": "Find", "tool": "search_files", "arguments": { "text": "oil" }, "after": [] }]', rounds: 1 }
`;

const read = { id: 'read', title: 'Read it', tool: 'read_file', arguments: { path: 'keeper.md' }, after: [] };
const files = [{ path: 'log.md', before: null, text: 'Lit.\n' }];
const write = { id: 'write', title: 'Write it', tool: 'write_files', arguments: { files }, after: [] };
const oil = { text: 'They burn rape oil.', path: 'keeper.md', line: 3, quote: 'It burns rape oil.' };
const done = { lines: [oil], missing: null, tasks: [] };

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let host: TestHost;
let calls: HostCalls;
let chat: ScriptedChat;
let added: ChatModel[];

async function open(): Promise<void> {
  host = await openTestHost(data.path, [BREAKING_PLAN], { chat: { list: () => added } });
  await host.host.start();
  calls = callsOf(host);
}

beforeEach(async () => {
  folder = sampleFolder({ 'keeper.md': '# The keeper\nLight the lantern at dusk.\nIt burns rape oil.\n' });
  data = temporaryFolder();
  chat = await openScriptedChat();
  added = [chat.model];
  await open();
});
afterEach(async () => {
  await host.close();
  await chat.close();
  data.remove();
  folder.remove();
});

function keep(file: string, text: string): void {
  const path = join(data.path, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

async function play(run: string, how: { plan?: string; approve?: 'all' | 'ask' } = {}): Promise<RunState> {
  await submitGoal(calls, { run, folder: folder.path, goal: GOAL, approve: 'all', ...how });
  return settled(host, run);
}

function whose({ tasks }: RunState): Record<string, string | null> {
  return Object.fromEntries(tasks.map(({ id, agent = null }) => [id, agent]));
}

const decided = async (run: string): Promise<Extract<RecordedRunEvent, { type: 'tool-call.decided' }>[]> =>
  (await eventsOf(host, run)).filter((event) => event.type === 'tool-call.decided');

async function listed() {
  const answer = await calls.agent.list({});
  if (!answer.ok) throw new Error(answer.fault.code);
  return answer.agents.map(({ name, own, faults }) => ({
    name,
    own,
    faults: faults.map(({ code }) => code),
  }));
}

describe('the agents of a goal that a model works out', () => {
  it('are named by the plan and by the model, recorded with the run, and told how they work', async () => {
    chat.says({ tasks: [{ ...read, agent: 'coder' }] }, { ...done, lines: [], tasks: [write] }, done);
    const state = await play('r');
    expect(whose(state)).toEqual({
      ...{ guides: null, think: null, read: 'coder', answer: 'researcher' },
      ...{ write: 'coder', 'answer-2': 'researcher' },
    });
    expect(state.tasks.find(({ id }) => id === 'write')?.status.name).toBe('empty');
    expect(existsSync(join(folder.path, 'log.md'))).toBe(true);
    expect(state.plan?.agents?.map(({ name, own }) => ({ name, own }))).toEqual(
      ['coder', 'operator', 'researcher'].map((name) => ({ name, own: false })),
    );
    // Whoever makes the plan is nobody's agent and is told of all; the answer is the researcher's.
    expect(chat.asked(0)).not.toContain('You work as the agent');
    expect(chat.asked(0)).toContain('operator (a file of SomaAgent');
    expect(chat.asked(1)).toContain('You work as the agent researcher');
    expect(chat.asked(1)).toContain('Look before you say.');
  });

  it('are shown before anything is sent, as a part of what is sent', async () => {
    added = [{ ...chat.model, local: false }];
    chat.says({ tasks: [read] });
    const asking = await play('r', { approve: 'ask' });
    const preview = Object.values(asking.calls).find(({ tool }) => tool === 'ask_model')?.preview;
    const shown = CallPreview.parse(JSON.parse(preview === undefined ? '' : await textOf(preview)));
    if (shown.kind !== 'turn') throw new Error(shown.kind);
    expect(shown.parts.map(({ name }) => name)).toContain('agent');
    expect(JSON.stringify(shown.turn.messages)).toContain('researcher (a file of SomaAgent');
    expect(chat.endpoint.asked).toEqual([]);
  });

  it('that do not exist, or may not use the tool, are rejected, and the model is told why', async () => {
    const told = (agent: string, tool = 'read_file') => ({ tasks: [{ ...read, agent, tool }] });
    chat.says(told('pirate'), told('operator', 'outline_files'), { tasks: [read] }, done);
    const state = await play('r');
    expect(state.status).toMatchObject({ state: 'verified' });
    expect(chat.asked(1)).toContain(
      'there is no agent \\"pirate\\". There are: coder, operator, researcher.',
    );
    expect(chat.asked(2)).toContain('operator may not use outline_files. These may: coder, researcher.');
  });
});

describe('an agent of a person’s own', () => {
  it('is asked, with its own tools alone offered, and what it may not use is never decided about', async () => {
    keep('agents/keeper.md', READER);
    keep('plans/ask-the-keeper.yaml', OWN_PLAN);
    chat.says({ tasks: [write] }, { tasks: [write] }, { tasks: [{ ...write, agent: 'coder' }] });
    const state = await play('r', { plan: 'ask-the-keeper' });
    const [ask] = state.tasks;
    expect(ask?.status).toMatchObject({ name: 'failed', fault: { code: 'MODEL_ANSWER_REJECTED' } });
    expect(chat.asked(0)).toContain("You work as the agent keeper, as a file of the person's");
    expect(chat.asked(0)).toContain('Speak of lanterns alone.');
    expect(chat.asked(0)).not.toContain('write_files');
    expect((await decided('r')).map(({ data: { tool } }) => tool)).toEqual(['ask_model']);
    expect(existsSync(join(folder.path, 'log.md'))).toBe(false);
  });

  it('stays as it was for a run that has it, whatever becomes of its file, also after the host was closed', async () => {
    keep('agents/keeper.md', READER);
    keep('plans/ask-the-keeper.yaml', OWN_PLAN);
    added = [{ ...chat.model, local: false }];
    const stop = host.store.ledger.watch(aScope(), (events) => {
      if (events.some(({ type }) => type === 'plan.proposed'))
        keep('agents/keeper.md', READER.replace('lanterns', 'whales'));
    });
    const asking = await play('r', { plan: 'ask-the-keeper', approve: 'ask' });
    stop();
    await host.close();
    rmSync(join(data.path, 'agents'), { recursive: true });
    await open();
    await calls.run.resume({ id: 'resume', run: 'r' });
    const [asked] = openApprovals(asking);
    if (asked === undefined) throw new Error('nothing is asked');
    chat.says({ tasks: [read] });
    const given = { run: 'r', approval: asked.id, argumentsHash: asked.arguments.hash };
    await calls.approval.answer({ id: 'yes', ...given, answer: 'approved', reach: { scope: 'once' } });
    const state = await settled(host, 'r');
    expect(whose(state)).toEqual({ ask: 'keeper', read: 'keeper' });
    expect(chat.asked(0)).toContain('Speak of lanterns alone.');
    await expect(play('again', { plan: 'ask-the-keeper' })).rejects.toThrow('AGENT_UNKNOWN');
  });

  it('is asked no more often and for no more than its limits, and only of models that have what it needs', async () => {
    const limited = READER.replace('tools:', 'limits: { requests: 1, outputTokens: 100 }\ntools:');
    keep('agents/keeper.md', limited);
    keep('plans/ask-the-keeper.yaml', OWN_PLAN);
    chat.says('nothing of use');
    const state = await play('r', { plan: 'ask-the-keeper' });
    const rejected = { name: 'failed', fault: { code: 'MODEL_ANSWER_REJECTED', data: { count: 1 } } };
    expect(state.tasks[0]?.status).toMatchObject(rejected);
    expect(chat.asked(0)).toMatch(/"max(_completion)?_tokens":100\b/);
    keep('agents/keeper.md', READER.replace('tools:', 'needs: { contextTokens: 64000 }\ntools:'));
    const other = await play('other', { plan: 'ask-the-keeper' });
    const none = { code: 'MODEL_NONE_FITS', data: { agent: 'Keeper' } };
    expect(other.tasks[0]?.status).toMatchObject({ name: 'failed', fault: none });
    expect(chat.endpoint.asked).toHaveLength(1);
  });

  it('never takes the place of a packaged one, nor comes out of the folder that is worked on', async () => {
    folder.write({ 'agents/keeper.md': READER });
    keep('agents/mine.md', READER.replace('name: keeper', 'name: researcher'));
    keep('agents/one.md', READER.replace('name: keeper', 'name: twin'));
    keep('agents/two.md', READER.replace('name: keeper', 'name: twin'));
    keep('agents/wrong.md', READER.replace('[read_file]', '[read_minds]'));
    const packaged = ['coder', 'operator', 'researcher'].map((name) => ({ name, own: false, faults: [] }));
    const taken = { own: true, faults: ['AGENT_NAME_TAKEN'] };
    expect(await listed()).toEqual([
      ...packaged,
      { name: 'researcher', ...taken },
      { name: 'twin', ...taken },
      { name: 'twin', ...taken },
      { name: 'wrong', own: true, faults: ['TOOL_UNKNOWN'] },
    ]);
    chat.says({ tasks: [read] }, done);
    const state = await play('r');
    expect(state.plan?.agents?.map(({ name }) => name)).toEqual(['coder', 'operator', 'researcher']);
    expect(state.plan?.agents?.every(({ own }) => !own)).toBe(true);
  });
});

describe('a task that its agent’s tools do not cover', () => {
  it('is denied in the host, by name, also where everything is approved, and nothing is done', async () => {
    const state = await play('r', { plan: 'break-out' });
    expect(whose(state)).toEqual({ look: 'researcher', evil: 'researcher' });
    expect(state.tasks.find(({ id }) => id === 'evil')?.status).toMatchObject({
      name: 'failed',
      fault: { code: 'AGENT_TOOL_DENIED', data: { agent: 'researcher', tool: 'write_files' } },
    });
    const denied = (await decided('r')).filter(({ data: { task } }) => task === 'evil');
    expect(denied).toMatchObject([{ data: { tool: 'write_files', verdict: 'deny', rule: 'agent-tools' } }]);
    expect(existsSync(join(folder.path, 'evil.txt'))).toBe(false);
  });

  it('is not told what was found before either, when its agent still could look for it', async () => {
    keep('agents/keeper.md', READER.replace('[read_file]', '[read_file, search_files]'));
    keep('plans/recall-oil.yaml', RECALLING_PLAN);
    const first = await play('first', { plan: 'recall-oil' });
    expect(first.tasks.find(({ id }) => id === 'find')?.status.name).toBe('empty');
    keep('agents/keeper.md', READER);
    const second = await play('second', { plan: 'recall-oil' });
    const find = second.tasks.find(({ id }) => id === 'find');
    expect(find?.steps.recall).toMatchObject({ note: { code: 'recalled-same' } });
    expect(find?.status).toMatchObject({ name: 'failed', fault: { code: 'AGENT_TOOL_DENIED' } });
  });
});

async function textOf(content: NonNullable<RunState['calls'][string]['preview']>): Promise<string> {
  const answer = await calls.content.get({ content });
  return answer.ok ? answer.text : '';
}
