import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { phaseOf, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FAILPOINTS } from '../../failpoint/index.ts';
import { callsOf, settled, submitGoal } from '../../testing/run-scenario.ts';
import { aToolContext, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { openTestHost } from '../../testing/test-host.ts';
import { commandEnvironment, createCommandTools } from './index.ts';

const HOST = fileURLToPath(new URL('../../testing/command-child.ts', import.meta.url));
const RUNNER = new URL('./runner.ts', import.meta.url).href;
const KILL = new URL('../../testing/kill.ts', import.meta.url).href;

let folder: SampleFolder;
let data: SampleFolder;
beforeEach(() => {
  folder = sampleFolder();
  data = sampleFolder();
});
afterEach(() => {
  folder.remove();
  data.remove();
});

const ran = () => (existsSync(folder.at('ran')) ? readFileSync(folder.at('ran'), 'utf8') : '');

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !what(); await sleep(20))
    if (Date.now() > end) throw new Error('it did not come to that');
}

/** Kills the host with SIGKILL once the command has begun. */
async function killHostInTheMiddle(command: string): Promise<void> {
  const child = spawn(process.execPath, [HOST, '-', data.path, folder.path, 'r', command], {
    stdio: 'ignore',
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await until(() => ran() !== '');
  child.kill('SIGKILL');
  await gone;
}

/** Opens the data folder again and resumes the run. */
async function resumed(): Promise<RunState> {
  const host = await openTestHost(data.path);
  try {
    await host.host.start();
    const calls = callsOf(host);
    expect((await settled(host, 'r')).status).toMatchObject({ name: 'interrupted', exit: 'unclean' });
    expect((await calls.run.resume({ id: 'again', run: 'r' })).ok).toBe(true);
    return await settled(host, 'r');
  } finally {
    await host.close();
  }
}

function ledger(): { file: string; text: string } {
  const file = readdirSync(data.at('commands')).find((name) => name.endsWith('.jsonl')) ?? '';
  return { file, text: readFileSync(data.at(`commands/${file}`), 'utf8') };
}

describe('a host that is killed while a command runs', () => {
  it('finds it ended at the next start, and takes its result over without running it again', async () => {
    await killHostInTheMiddle('echo x >> ran; sleep 1; echo 1 failed; exit 3');
    await until(() => ledger().text.includes('"ended"'));
    const state = await resumed();
    expect(phaseOf(state)).toBe('verified');
    expect(state.tasks[1]?.evidence.map(({ claim }) => claim.text)).toEqual([
      'echo x >> ran; sleep 1; echo 1 failed; exit 3 ended with exit 3',
    ]);
    expect(ran()).toBe('x\n');
  });

  it('finds it running at the next start, and waits for its end', async () => {
    await killHostInTheMiddle('echo x >> ran; sleep 4; echo late');
    expect(ledger().text).not.toContain('"ended"');
    const state = await resumed();
    expect(phaseOf(state)).toBe('verified');
    expect(state.tasks[1]?.evidence[0]?.claim.citation.quote).toBe('late');
    expect(ran()).toBe('x\n');
  });

  it('finds nothing that says how it ended when the runner was killed too, ends what is left, and leaves it to a person', async () => {
    await killHostInTheMiddle('echo $$ >> ran; sleep 100; echo never');
    const { runner } = z.object({ runner: z.number() }).parse(JSON.parse(ledger().text.split('\n')[0] ?? ''));
    process.kill(runner, 'SIGKILL');
    const state = await resumed();
    expect(phaseOf(state)).toBe('paused');
    expect(state.tasks[1]?.status).toMatchObject({ fault: { code: 'TOOL_OUTCOME_UNKNOWN' } });
    const pid = Number(ran());
    expect(
      existsSync(`/proc/${pid}/environ`) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') S '),
    ).toBe(false);
  });

  it('ends the command that still runs when the run is stopped rather than resumed', async () => {
    await killHostInTheMiddle('echo $$ >> ran; sleep 100; echo never');
    const host = await openTestHost(data.path);
    await host.host.start();
    expect((await callsOf(host).run.stop({ id: 'stop', run: 'r' })).ok).toBe(true);
    await until(() => ledger().text.includes('"stopped"'));
    await host.close();
    expect(existsSync(`/proc/${Number(ran())}`)).toBe(false);
  });
});

describe('a host that hands its runs over while a command runs', () => {
  it('lets the command go on, and the next host takes over what comes of it', async () => {
    const first = await openTestHost(data.path);
    await first.host.start();
    await submitGoal(callsOf(first), {
      ...{ run: 'r', folder: folder.path, goal: 'run the checks', plan: 'run-checks', approve: 'all' },
      slots: { command: 'echo x >> ran; sleep 2; echo late' },
    });
    await until(() => ran() !== '');
    expect(await first.host.close('hand-over')).toEqual(['r']);
    await first.close();
    expect(ledger().text).not.toContain('"ended"');
    const second = await openTestHost(data.path);
    await second.host.start(['r']);
    const state = await settled(second, 'r');
    await second.close();
    expect(phaseOf(state)).toBe('verified');
    expect(state.tasks[1]?.evidence[0]?.claim.citation.quote).toBe('late');
    expect([state.tasks[1]?.attempt, ran()]).toEqual([1, 'x\n']);
  });
});

describe('a runner that is killed at any of its writes', () => {
  const points = FAILPOINTS.filter((name) => name.startsWith('command.'));

  /** A call whose runner kills itself at the `hit`-th passing of the failpoint, and the same call after it. */
  async function twice(point: string): Promise<readonly string[]> {
    const file = data.at('runner.ts');
    writeFileSync(
      file,
      `import { armKill } from ${JSON.stringify(KILL)};\narmKill(${JSON.stringify(point)});\nawait import(${JSON.stringify(RUNNER)});\n`,
    );
    const options = { store: data.at('commands'), environment: commandEnvironment(process.env) };
    const context = aToolContext(folder.path, { key: `key ${point}` });
    const outcomes: string[] = [];
    for (const runner of [file, undefined]) {
      const [tool] = createCommandTools(runner === undefined ? options : { ...options, runner });
      const result = await tool?.call({ command: 'echo x >> ran; echo y' }, context);
      outcomes.push(result?.ok === true ? 'ok' : (result?.fault.code ?? ''));
    }
    return outcomes;
  }

  it.each(points.flatMap((name) => [1, 2].map((hit) => `${name}:${hit}`)))(
    'never runs twice, and says what is known: %s',
    async (point) => {
      const [first, second] = await twice(point);
      expect(ran().length).toBeLessThanOrEqual('x\n'.length);
      if (point.endsWith(':1')) expect(first).not.toBe('ok');
      if (first === 'ok') expect([second, ran()]).toEqual(['ok', 'x\n']);
      else if (first === 'COMMAND_NOT_STARTED') expect([second, ran()]).toEqual(['ok', 'x\n']);
      else expect([first, second]).toEqual(['TOOL_OUTCOME_UNKNOWN', 'TOOL_OUTCOME_UNKNOWN']);
    },
  );
});
