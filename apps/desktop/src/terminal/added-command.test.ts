import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import { writeSmallChat } from '@soma/agent-core/testing/small-chat';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testConfig } from '../testing/source-host.ts';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { backUpData, restoreData } from './data-command.ts';
import { listRuns } from './list-command.ts';
import { useModels } from './model-command.ts';
import { readUse } from './use.ts';

const KEY = 'sk-typed-93be70c1d2';

describe('soma model, for models that people add', () => {
  let desks: TerminalDesks;
  let endpoint: ScriptedEndpoint;
  beforeEach(async () => {
    desks = new TerminalDesks();
    endpoint = await new ScriptedEndpoint({ key: KEY, otherwise: examStudent() }).open();
  });
  afterEach(async () => {
    await desks.close();
    await endpoint.close();
  });

  const add = () => typed('model', 'add', 'scripted-1', '--address', endpoint.address, '--key');

  it('adds one with a key that is asked for, tests it, and says what it is given', async () => {
    const at = await desks.open('source', [KEY]);
    expect(await useModels(at, add())).toBe(0);
    expect(at.heard.asked).toEqual([expect.stringContaining('Key for')]);
    expect(at.heard.said.join()).toContain('until this host ends');
    expect(at.heard.answers[0]).toMatch(/^scripted-1 .*key for this session.*not tested/);
    expect(await useModels(at, typed('model', 'test', 'scripted-1'))).toBe(0);
    expect(at.heard.answers.at(-1)).toBe(
      'It is given: Plans, Answers from what was found, Summaries, Replies to what you say.',
    );
    expect(await useModels(at, typed('model'))).toBe(0);
    expect(at.heard.answers.at(-1)).toContain('given: Plans');
    expect(JSON.stringify(at.heard)).not.toContain(KEY);
  });

  it('test says what was asked, what was right and what came', async () => {
    const at = await desks.open('source', [KEY]);
    await useModels(at, add());
    endpoint.scripts.push({ text: 'no form at all\u001b[2J' });
    expect(await useModels(at, typed('model', 'test', 'scripted-1'))).toBe(0);
    const told = at.heard.answers.join('\n');
    expect(told).toContain('failed  Answers in a given form: 2 of 3 right');
    expect(told).toContain('came: no form at all\\x1b[2J');
    expect(told).toContain('The answer is not JSON.');
    endpoint.scripts.push({ status: 401, body: { error: { message: 'expired' } } });
    expect(await useModels(at, typed('model', 'test', 'scripted-1'))).toBe(1);
    expect(at.heard.said.at(-1)).toBe('MODEL_KEY_REFUSED');
  });

  it('says beside the models and the runs that one is not there, until it is', async () => {
    const at = await desks.open('source', [KEY]);
    await useModels(at, add());
    const busy = {
      status: 429,
      body: { error: { message: 'slow down' } },
      headers: { 'retry-after': '600' },
    };
    for (let times = 0; times < 3; times += 1) {
      endpoint.scripts.push(busy);
      expect(await useModels(at, typed('model', 'test', 'scripted-1'))).toBe(1);
    }
    await listRuns(at, typed('runs'));
    expect(at.heard.said.at(-1)).toBe('Model: busy (scripted-1)');
    await useModels(at, typed('model'));
    expect(at.heard.said.at(-1)).toBe('Model: busy (scripted-1)');
    expect(await useModels(at, typed('model', 'test', 'scripted-1'))).toBe(0);
    const before = at.heard.said.length;
    await useModels(at, typed('model'));
    expect(at.heard.said).toHaveLength(before);
  });

  it('takes another key, another order, and one less', async () => {
    const at = await desks.open('source', ['wrong', KEY, '']);
    await useModels(at, add());
    expect(await useModels(at, typed('model', 'test', 'scripted-1'))).toBe(1);
    await useModels(at, typed('model', 'key', 'scripted-1', '--keep', 'session'));
    expect(await useModels(at, typed('model', 'test', 'scripted-1', '--json'))).toBe(0);
    await useModels(at, typed('model', 'add', 'scripted-2', '--address', endpoint.address));
    await useModels(at, typed('model', 'prefer', 'scripted-2'));
    expect(at.heard.answers.slice(-2).map((line) => line.split(' ')[0])).toEqual([
      'scripted-2',
      'scripted-1',
    ]);
    expect(await useModels(at, typed('model', 'remove', 'scripted-1'))).toBe(0);
    expect(at.heard.answers.at(-1)).toContain('not in your list any more');
    await expect(useModels(at, typed('model', 'remove', 'scripted-1'))).rejects.toMatchObject({
      fault: { code: 'MODEL_NOT_ADDED' },
    });
    expect(await useModels(at, typed('model', 'add', 'gpt', '--endpoint', 'nobody'))).toBe(2);
    expect(at.heard.said.at(-1)).toMatch(/no endpoint nobody.*openai, groq/);
    await expect(
      useModels(at, typed('model', 'add', 'gpt', '--endpoint', 'openai', '--keep', 'keychain')),
    ).rejects.toMatchObject({ fault: { code: 'MODEL_KEY_MISSING' } });
  });

  it('tells models of one name apart by their ids only', async () => {
    const other = await new ScriptedEndpoint({}).open();
    const at = await desks.open('source', [KEY]);
    await useModels(at, add());
    await useModels(at, typed('model', 'add', 'scripted-1', '--address', other.address));
    await expect(useModels(at, typed('model', 'prefer', 'scripted-1'))).rejects.toMatchObject({
      fault: { code: 'MODEL_NOT_ADDED' },
    });
    const ids = at.heard.said.slice(-2).map((line) => line.split(' ').at(-1) ?? '');
    expect(await useModels(at, typed('model', 'prefer', ids[1] ?? ''))).toBe(0);
    await other.close();
  });

  it('adds the file of a chat model, and looks for servers on this computer', async () => {
    const at = await desks.open('source');
    writeSmallChat(desks.root);
    expect(await useModels(at, typed('model', 'add', 'small-chat.gguf'))).toBe(0);
    expect(at.heard.answers[0]).toMatch(/^small-chat .*stays on this computer/);
    expect(await useModels(at, typed('model', 'nearby', '--json'))).toBe(0);
    expect(JSON.parse(at.heard.answers[1] ?? '')).toEqual(expect.any(Array));
    expect(await useModels(at, typed('model', 'nearby'))).toBe(0);
  });

  it('reads a key that is piped into its process, and shows it nowhere', async () => {
    await desks.open('source');
    const args = ['model', 'add', 'scripted-1', '--address', endpoint.address, '--key'];
    const terminal = spawn(process.execPath, [join(import.meta.dirname, 'index.ts'), ...args], {
      env: { ...process.env, SOMA_DATA_DIR: join(desks.root, 'data'), INIT_CWD: desks.root },
    });
    terminal.stdin.end(`${KEY}\n`);
    const [said, told] = await Promise.all([text(terminal.stdout), text(terminal.stderr)]);
    expect(said).toMatch(/^scripted-1 .*key for this session/);
    expect(said + told).not.toContain(KEY);
  });
});

it.each([
  [['add', 'm', '--endpoint', 'groq', '--keep', 'drawer'], 'keep'],
  [['add', '--endpoint', 'groq'], 'model'],
  [['add', 'm', KEY, '--endpoint', 'groq'], 'model'],
  [['add', 'm', '--endpoint', 'groq', `--key=${KEY}`], 'option'],
  [['test'], 'model'],
  [['prefer', 'a', '--json'], 'model'],
  [['key', 'a', '--keep', 'x'], 'keep'],
  [['test', 'a', '--keep', 'session'], 'model'],
  [['remove', 'a', 'b'], 'model'],
])('soma model %j is wrong use, and says nothing of a key', (args, key) => {
  const use = readUse(['model', ...args]);
  expect(use).toMatchObject({ verb: 'wrong', key });
  expect(JSON.stringify(use)).not.toContain(KEY);
});

it('an added model comes back with a restored backup, and asks for its key', async () => {
  const desks = new TerminalDesks();
  try {
    const at = await desks.open('source', [KEY]);
    await useModels(at, typed('model', 'add', 'scripted-1', '--address', 'http://127.0.0.1:9/v1', '--key'));
    expect(await backUpData(at, typed('backup', 'kept'))).toBe(0);
    await useModels(at, typed('model', 'remove', 'scripted-1'));
    await desks.closeHosts();
    expect(await restoreData(at.speech, typed('restore', 'kept'), testConfig(desks.root))).toBe(0);
    const again = await desks.open('source');
    await useModels(again, typed('model'));
    expect(again.heard.answers.at(-1)).toMatch(/^scripted-1 .*its key is gone/);
  } finally {
    await desks.close();
  }
});
