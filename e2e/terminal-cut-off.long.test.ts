import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RunReport } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environment, node24, out } from '../infra/launch/place.mjs';
import { endHost } from './host-process.ts';
import { newData, type Said, soma } from './seat.ts';

/** Files of the folder that takes long enough to be interrupted. */
const MANY = 3000;

interface Typed {
  readonly child: ChildProcess;
  /** The first line of stdout. */
  readonly first: Promise<string>;
  readonly done: Promise<Said>;
}

describe('the terminal, when a run or its log is cut off', () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let work: string;
  let folder: string;

  beforeEach(async () => {
    data = await newData();
    work = await mkdtemp(join(tmpdir(), 'soma-work-'));
    folder = join(work, 'project');
    await mkdir(folder);
    await writeFile(join(folder, 'README.md'), '# Counter\n\nCounts things.\n');
  });
  afterEach(async () => {
    await endHost(data.path);
    await data.remove();
    await rm(work, { recursive: true, force: true });
  });

  const say = (...args: string[]) => soma(args, data.path, work);

  function type(...args: string[]): Typed {
    const child = spawn(node24(), [join(out, 'node', 'terminal.js'), ...args], {
      env: environment({ SOMA_DATA_DIR: data.path, INIT_CWD: work }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
    const first = new Promise<string>((resolve) =>
      createInterface({ input: child.stdout }).once('line', resolve),
    );
    const done = new Promise<Said>((resolve) =>
      child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr })),
    );
    return { child, first, done };
  }

  /** A run that goes on for a while, after its first line. */
  async function longRun(...more: string[]): Promise<Typed & { run: string }> {
    for (let n = 0; n < MANY; n += 1) {
      await writeFile(join(folder, `m${n}.js`), `import './m${n + 1}.js';\nexport const v${n} = ${n};\n`);
    }
    const typed = type('run', 'Explain this folder', '--folder', 'project', ...more);
    const line = await typed.first;
    return { ...typed, run: line.replace(/^run /, '') };
  }

  it('ends with 1 when the run is stopped, and reports that', async () => {
    const { run, done } = await longRun('--json', 'report.json');
    expect(await say('stop', run)).toMatchObject({ code: 0, stdout: `stopped ${run}\n` });
    const { code, stdout } = await done;
    expect(code).toBe(1);
    expect(stdout).toContain('Stopped:');
    const report = RunReport.parse(JSON.parse(await readFile(join(work, 'report.json'), 'utf8')));
    expect(report).toMatchObject({ run, state: 'stopped' });
    expect(await say('stop', run)).toMatchObject({ code: 2 });
  });

  it('leaves a run to itself on Ctrl-C, which then ends without it', async () => {
    const { run, child, done } = await longRun();
    child.kill('SIGINT');
    const { code, stderr } = await done;
    expect(code).toBe(130);
    expect(stderr).toContain('the run goes on');
    await expect
      .poll(async () => (await say('runs')).stdout, { timeout: 30_000, interval: 300 })
      .toContain(`${run}  verified`);
  });

  it('ends with 3 when its host dies under the run, and goes on when told to', async () => {
    const { run, done } = await longRun();
    await endHost(data.path, 'SIGKILL');
    const { code, stderr } = await done;
    expect(code).toBe(3);
    expect(stderr).toContain(`soma resume ${run}`);
    expect((await say('runs')).stdout).toContain(`${run}  interrupted`);
    const resumed = await say('resume', run);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout.split('\n')[0]).toBe(`run ${run}`);
    expect(resumed.stdout).toContain('Verified:');
  });

  it('ends with 3 when its host is told to leave, which pauses the run', async () => {
    const { run, done } = await longRun();
    await endHost(data.path);
    expect((await done).code).toBe(3);
    expect((await say('resume', run)).code).toBe(0);
  });

  it('begins anew only when it is told to, after a log of runs without a good backup, and keeps the damaged one', async () => {
    expect((await say('run', 'Explain this folder', '--folder', 'project')).code).toBe(0);
    await endHost(data.path);
    await rm(join(data.path, 'backups'), { recursive: true, force: true });
    await writeFile(join(data.path, 'ledger.db'), 'not a database');
    const told = await say('runs');
    expect(told).toMatchObject({ code: 4, stdout: '' });
    expect(told.stderr).toContain('DATABASE_DAMAGED');
    expect(told.stderr).toContain('soma begin-anew');
    const begun = await say('begin-anew');
    expect(begun.code).toBe(0);
    expect(begun.stderr).toContain(join(data.path, 'quarantine', 'ledger.'));
    expect(await say('runs', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
  });
});
