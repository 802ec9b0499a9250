import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  aToolContext,
  faultOf,
  outputOf,
  type SampleFolder,
  sampleFolder,
} from '../../testing/sample-folder.ts';
import { commandEnvironment, createCommandTools } from './index.ts';

let folder: SampleFolder;
let data: SampleFolder;
beforeEach(() => {
  folder = sampleFolder({ 'a.txt': 'one\n' });
  data = sampleFolder();
});
afterEach(() => {
  folder.remove();
  data.remove();
});

const Outcome = z.object({
  execution: z.string(),
  end: z.string(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  seconds: z.number(),
  leftovers: z.number(),
  outputSize: z.number(),
  outputHash: z.string(),
  lines: z.number(),
  cut: z.object({ afterLine: z.number(), bytes: z.number() }).nullable(),
  repaired: z.boolean(),
  text: z.string(),
  summary: z.object({ line: z.number(), quote: z.string() }),
});

const small = { keptBytes: 4096, outputBytes: 50_000_000, processes: 40 };

function tool(limits = small) {
  const environment = commandEnvironment(process.env);
  const [made] = createCommandTools({ store: data.at('commands'), environment, limits });
  if (made === undefined) throw new Error('a tool is expected');
  return made;
}

let keys = 0;
const context = (change: Parameters<typeof aToolContext>[1] = {}) =>
  aToolContext(folder.path, { key: `key-${keys++}`, ...change });

async function run(command: string, more: Record<string, Json> = {}, ctx = context()) {
  return Outcome.parse(await outputOf(tool(), { command, ...more }, ctx));
}

/** Whether a process of this number lives. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('running a command', () => {
  it('runs it in the folder and says its exit code, output and duration', async () => {
    const ended = await run('cat a.txt; echo two >&2; exit 3');
    expect(ended).toMatchObject({
      end: 'itself',
      exitCode: 3,
      signal: null,
      text: 'one\ntwo\n',
      lines: 2,
      cut: null,
    });
    expect(ended.summary).toEqual({ line: 2, quote: 'two' });
  });

  it('says 127 of a command that is not there, and what the shell said', async () => {
    const ended = await run('no-such-program-here');
    expect(ended).toMatchObject({ end: 'itself', exitCode: 127 });
    expect(ended.summary.quote).toContain('no-such-program-here');
  });

  it('says the signal a command ended by', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ end: 'itself', exitCode: null, signal: 'SIGKILL' });
  });

  it('keeps standard error in order with the output, and lets it be opened again by name', async () => {
    const ended = await run('for i in 1 2 3; do echo out$i; echo err$i > /dev/stderr; done');
    expect(ended.text).toBe('out1\nerr1\nout2\nerr2\nout3\nerr3\n');
  });

  it('gives no input and a clean environment', async () => {
    const given = {
      ...process.env,
      SOMA_DATA_DIR: '/x',
      GITHUB_TOKEN: 't',
      npm_config__authToken: 't',
      PATH: process.env.PATH,
    };
    const environment = commandEnvironment(given);
    const [made] = createCommandTools({ store: data.at('commands'), environment, limits: small });
    if (made === undefined) throw new Error('a tool is expected');
    const ended = Outcome.parse(await outputOf(made, { command: 'cat; env' }, context()));
    const names = ended.text
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names).toContain('PATH');
    expect(ended.text).toContain('TERM=dumb\n');
    expect(ended.text).toContain('CI=1\n');
    expect(names.filter((name) => /^SOMA_|TOKEN|_auth|ELECTRON|NODE_CHANNEL/i.test(name ?? ''))).toEqual([]);
  });

  it('ends a command that never ends, with all it started', async () => {
    const ended = await run('sleep 1000 & echo $!; setsid sleep 1000 & echo $!; wait', { timeoutSeconds: 1 });
    expect(ended).toMatchObject({ end: 'timeout' });
    const pids = ended.text.trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(lives(pid)).toBe(false);
  });

  it('ends what outlives the command, even in a session of its own that shook off its parent', async () => {
    const ended = await run(
      '(setsid sleep 1000 & echo $! ) ; setsid sh -c "sleep 1000 & echo \\$!"; echo done',
    );
    expect(ended).toMatchObject({ end: 'itself', exitCode: 0, leftovers: 2 });
    for (const pid of ended.text.trim().split('\n').slice(0, 2).map(Number)) expect(lives(pid)).toBe(false);
  });

  it('ends what cleared its environment and left for a session of its own, once it was seen with its parent', async () => {
    const ended = await run('env -i setsid sleep 1000 & echo $!; sleep 0.8');
    expect(ended).toMatchObject({ end: 'itself', leftovers: 1 });
    expect(lives(Number(ended.text))).toBe(false);
  });

  it('kills a command that refuses to end', async () => {
    const ended = await run('trap "" TERM INT HUP; while true; do sleep 0.1; done', { timeoutSeconds: 1 });
    expect(ended).toMatchObject({ end: 'timeout', exitCode: null, signal: 'SIGKILL' });
  });

  it('ends a command that forks beyond the limit', async () => {
    const ended = await run('i=0; while [ $i -lt 80 ]; do sleep 1000 & i=$((i+1)); done; wait', {
      timeoutSeconds: 20,
    });
    expect(ended).toMatchObject({ end: 'processes' });
  });

  it('cuts an output that floods, keeps its first and last whole lines, and ends it beyond the limit', async () => {
    const ended = await run('seq 1 100000');
    expect(ended).toMatchObject({ end: 'itself', exitCode: 0, outputSize: 588_895 });
    expect(ended.cut).not.toBeNull();
    const lines = ended.text.trimEnd().split('\n').map(Number);
    const after = ended.cut?.afterLine ?? 0;
    expect(lines.slice(0, after)).toEqual(Array.from({ length: after }, (_, index) => index + 1));
    expect(lines.at(-1)).toBe(100_000);
    expect(lines.slice(after)).toEqual(
      Array.from(
        { length: lines.length - after },
        (_, index) => 100_000 - (lines.length - after) + 1 + index,
      ),
    );
    expect(ended.text.length + (ended.cut?.bytes ?? 0)).toBe(588_895);
    expect(await run('yes')).toMatchObject({ end: 'output' });
    expect(readFileSync(data.at(`commands/${ended.execution}.out`)).length).toBeLessThan(4097);
  });

  it('keeps nothing of a line longer than what may be kept, and says how much it was', async () => {
    const ended = await run('head -c 100000 /dev/zero | tr "\\0" x');
    expect(ended).toMatchObject({
      text: '',
      lines: 0,
      cut: { afterLine: 0, bytes: 100_000 },
      outputSize: 100_000,
    });
  });

  it('replaces what is no UTF-8 and says so', async () => {
    expect(await run("printf 'a\\377b\\n'")).toMatchObject({ text: 'a\ufffdb\n', repaired: true });
  });

  it('tells the last lines as they come', async () => {
    const told: string[] = [];
    await run(
      'echo first; sleep 0.6; echo second; sleep 0.6',
      {},
      context({ progress: ({ note }) => told.push(z.string().parse(note.data.lines)) }),
    );
    expect(told[0]).toBe('first');
    expect(told.at(-1)).toBe('first\nsecond');
  });

  it('ends the command when the run is paused, and says that it was cut off', async () => {
    const stop = new AbortController();
    const ctx = context({ signal: stop.signal });
    const called = tool().call({ command: 'echo $$ > pid; sleep 1000' }, ctx);
    while (!existsSync(folder.at('pid'))) await sleep(20);
    await sleep(50);
    stop.abort();
    expect(await called).toMatchObject({
      ok: false,
      fault: { code: 'COMMAND_STOPPED', retry: { when: 'now' } },
    });
    expect(lives(Number(readFileSync(folder.at('pid'), 'utf8')))).toBe(false);
  });

  it('runs once under one key, and answers the same again', async () => {
    const ctx = context();
    const first = await run('echo x >> ran; cat ran', {}, ctx);
    const second = await run('echo x >> ran; cat ran', {}, ctx);
    expect(second).toEqual(first);
    expect(readFileSync(folder.at('ran'), 'utf8')).toBe('x\n');
  });

  it('runs once when two hosts call it at the same time under one key', async () => {
    const ctx = context();
    const both = await Promise.all([
      run('echo x >> ran; sleep 0.5', {}, ctx),
      run('echo x >> ran; sleep 0.5', {}, ctx),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(readFileSync(folder.at('ran'), 'utf8')).toBe('x\n');
  });

  it('refuses a folder that is gone, and a command that would look other than it is', async () => {
    for (const command of ['', ' ', 'echo \u202Etxt', 'echo a\rrm', 'echo \u0000', 'e\u200Bcho'])
      expect(await faultOf(tool(), { command }, context())).toBe('TOOL_INPUT_INVALID');
    rmSync(folder.path, { recursive: true });
    expect(await faultOf(tool(), { command: 'true' }, context())).toBe('FOLDER_GONE');
  });

  it('answers for a folder that goes away while it runs', async () => {
    expect(await run(`rm -r "${folder.path}"; echo gone`)).toMatchObject({ exitCode: 0, text: 'gone\n' });
  });

  it('shows the exact command, the folder and the limit before it is asked', async () => {
    const shown = await tool().preview?.({ command: 'npm  test' }, context());
    expect(shown).toEqual({
      ok: true,
      preview: { kind: 'command', command: 'npm  test', folder: folder.path, limitSeconds: 600 },
    });
  });

  it('runs nowhere else than in the folder that was shown', async () => {
    const preview = { kind: 'command', command: 'true', folder: data.path, limitSeconds: 600 } as const;
    expect(await faultOf(tool(), { command: 'touch ran' }, context({ preview }))).toBe('APPROVAL_CHANGED');
    expect(existsSync(folder.at('ran'))).toBe(false);
  });

  it('says of a key whether it happened', async () => {
    const ctx = context();
    expect(await tool().probe(ctx.key, ctx)).toBe('not-happened');
    await run('echo x', {}, ctx);
    expect(await tool().probe(ctx.key, ctx)).toMatchObject({
      name: 'happened',
      result: { ok: true, output: { text: 'x\n' } },
    });
    const ledger = join(data.at('commands'), `${(await run('echo x', {}, ctx)).execution}.jsonl`);
    expect(
      readFileSync(ledger, 'utf8')
        .trim()
        .split('\n')
        .map((line) => z.object({ type: z.string() }).parse(JSON.parse(line)).type),
    ).toEqual(['intent', 'started', 'ended']);
  });
});
