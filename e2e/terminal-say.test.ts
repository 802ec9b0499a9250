import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endHost } from './host-process.ts';
import { newData, soma } from './seat.ts';

const GOAL = 'Advise me on moonless nights and the oil of the lantern';
const read = { id: 'read', title: 'Read', tool: 'read_file', arguments: { path: 'keeper.md' }, after: [] };
const oil = { text: 'It burns rape oil.', path: 'keeper.md', line: 3, quote: 'It burns rape oil.' };
const dusk = { text: 'It is lit at dusk.', path: 'keeper.md', line: 2 };
/** What the model says that the line is. */
let quoted = 'Light the lantern at dusk.';
const student = examStudent();

function said(asked: string): ReturnType<typeof student> {
  const speak = (answer: unknown) => ({ text: JSON.stringify(answer) });
  if (asked.includes('"name":"plan"')) return speak({ tasks: [read] });
  if (asked.includes('"name":"answer"')) return speak({ lines: [oil], missing: null, tasks: [] });
  if (asked.includes('"name":"reply"'))
    return speak({ reply: 'At **dusk**.', lines: [{ ...dusk, quote: quoted }], tasks: [] });
  return student(asked);
}

describe('a conversation in the terminal', () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let work: Awaited<ReturnType<typeof newData>>;
  let server: ScriptedEndpoint;
  beforeEach(async () => {
    data = await newData();
    work = await newData();
    server = await new ScriptedEndpoint({ otherwise: said }).open();
    await writeFile(
      join(work.path, 'keeper.md'),
      '# The keeper\nLight the lantern at dusk.\nIt burns rape oil.\n',
    );
  });
  afterEach(async () => {
    await endHost(data.path);
    await server.close();
    await work.remove();
    await data.remove();
  });

  it('goes on with a run that has ended, which knows what was found, and its quotes are checked', async () => {
    await soma(['model', 'add', 'scripted-1', '--address', server.address], data.path);
    expect((await soma(['model', 'test', 'scripted-1'], data.path)).code).toBe(0);
    const run = await soma(['run', GOAL, '--folder', work.path, '--approve', 'all'], data.path);
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('It burns rape oil.') });
    const id = /^run (\S+)/.exec(run.stdout)?.[1] ?? '';
    const reply = await soma(['say', id, 'When is it lit?', '--approve', 'all'], data.path);
    expect(reply).toMatchObject({ code: 0, stdout: expect.stringContaining('At **dusk**.') });
    expect(reply.stdout).toContain('It is lit at dusk. (keeper.md:2)');
    const sent = JSON.stringify(server.asked.at(-1)?.body);
    expect(sent).toContain('It burns rape oil.');
    expect(sent).toContain('When is it lit?');
    quoted = 'Light the lantern at dawn.';
    const wrong = await soma(['say', id, 'Are you sure?', '--approve', 'all'], data.path);
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('At **dusk**.') });
    expect(wrong.stdout).toContain('not checked');
    // Nobody knows what the model costs, and nobody is there to be asked.
    expect((await soma(['say', id, 'And by whom?'], data.path)).code).toBe(3);
    expect(await soma(['say', 'nowhere', 'Hello'], data.path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('RUN_UNKNOWN'),
    });
  });

  it('is held with a run at work too: the reply is printed, and the run waits for what it waited for', async () => {
    await soma(['model', 'add', 'scripted-1', '--address', server.address], data.path);
    await soma(['model', 'test', 'scripted-1'], data.path);
    const goal = ['run', 'rename lantern to lamp', '--folder', work.path];
    const run = await soma(goal, data.path);
    expect(run.code).toBe(3);
    const id = /^run (\S+)/.exec(run.stdout)?.[1] ?? '';
    const reply = await soma(['say', id, 'When is it lit?'], data.path);
    expect(reply.code).toBe(3);
    expect(reply.stderr).toContain(`soma show ${id}`);
  });
});
