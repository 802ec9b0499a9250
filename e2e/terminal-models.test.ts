import { spawn } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { examStudent } from '@soma/agent-core/testing/exam-student';
import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environment, node24, out } from '../infra/launch/place.mjs';
import { endHost } from './host-process.ts';
import { newData, type Said } from './seat.ts';

const KEY = 'sk-of-this-scenario-72ab4';

describe('a model of a person’s own, in the terminal', () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let server: ScriptedEndpoint;
  beforeEach(async () => {
    data = await newData();
    server = await new ScriptedEndpoint({ key: KEY, otherwise: examStudent() }).open();
  });
  afterEach(async () => {
    await endHost(data.path);
    await server.close();
    await data.remove();
  });

  /** Types a command with what is piped into it. */
  async function soma(piped: string, ...args: string[]): Promise<Said> {
    const child = spawn(node24(), [join(out, 'node', 'terminal.js'), 'model', ...args], {
      env: environment({ SOMA_DATA_DIR: data.path }),
    });
    child.stdin.end(piped);
    const closed = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { stdout, stderr, code };
  }

  async function holding(what: string): Promise<string[]> {
    const found: string[] = [];
    for (const name of await readdir(data.path, { recursive: true })) {
      const path = join(data.path, name);
      if ((await stat(path)).isFile() && (await readFile(path)).includes(what)) found.push(name);
    }
    return found;
  }

  it('is added with a piped key, tested, outlasts its host, and asks for the key that went with it', async () => {
    const added = await soma(`${KEY}\n`, 'add', 'scripted-1', '--address', server.address, '--key');
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('not tested') });
    expect(added.stderr).toContain('it has no way to a keychain');
    expect(server.asked).toEqual([]);
    const tested = await soma('', 'test', 'scripted-1');
    expect(tested.code).toBe(0);
    expect(tested.stdout).toContain('passed  Chooses the right tool: 3 of 3 right');
    expect(tested.stdout).toContain(
      'It is given: Plans, Answers from what was found, Summaries, Replies to what you say.',
    );
    await endHost(data.path);
    expect((await soma('')).stdout).toMatch(/scripted-1 .*its key is gone.*given: Plans/);
    const before = server.asked.length;
    const keyless = await soma('', 'test', 'scripted-1');
    expect(keyless).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('MODEL_KEY_MISSING'),
    });
    expect(server.asked).toHaveLength(before);
    expect((await soma(`${KEY}\n`, 'key', 'scripted-1')).code).toBe(0);
    expect((await soma('', 'test', 'scripted-1')).code).toBe(0);
    expect(await holding(KEY)).toEqual([]);
    expect(await holding('scripted-1')).not.toEqual([]);
    expect((await soma('', 'remove', 'scripted-1')).code).toBe(0);
    expect(await soma('', 'test', 'scripted-1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('MODEL_NOT_ADDED'),
    });
  });
});
