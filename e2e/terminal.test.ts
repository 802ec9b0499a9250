import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import runReport from '@soma/schemas/json/run-report.v1.json' with { type: 'json' };
import { RunReport } from '@soma/schemas/run';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { endHost, hostPid } from './host-process.ts';
import { newData, soma, startServe } from './seat.ts';

describe('the terminal', () => {
  let data: Awaited<ReturnType<typeof newData>>;
  let work: string;
  let folder: string;

  beforeEach(async () => {
    data = await newData();
    work = await mkdtemp(join(tmpdir(), 'soma-work-'));
    folder = join(work, 'project');
    await mkdir(folder);
    await writeFile(join(folder, 'README.md'), '# Counter\n\nCounts things.\n');
    await writeFile(
      join(folder, 'package.json'),
      '{\n  "name": "counter",\n  "scripts": { "test": "node test.js" }\n}\n',
    );
    await writeFile(
      join(folder, 'index.js'),
      "import { add } from './add.js';\nexport const two = add(1, 1);\n",
    );
    await writeFile(join(folder, 'add.js'), 'export const add = (a, b) => a + b;\n');
  });
  afterEach(async () => {
    await endHost(data.path);
    await data.remove();
    await rm(work, { recursive: true, force: true });
  });

  const say = (...args: string[]) => soma(args, data.path, work);
  const explain = (...more: string[]) => say('run', 'Explain this folder', '--folder', 'project', ...more);

  it('answers on stdout, a run first, and speaks of progress on stderr', async () => {
    const { code, stdout, stderr } = await explain();
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^run [0-9a-f-]{36}$/);
    expect(stdout).toContain('Counter (README.md:1)');
    expect(stdout).toContain('(package.json:2)');
    expect(stdout).toMatch(/\nVerified: (\d+) of \1 claims confirmed in the files\.\n$/);
    expect(stderr).toMatch(/^plan: Explain this folder, \d+ tasks$/m);
    expect(stderr).toMatch(/^\[1\/\d+\] List the files: verified/m);
    expect(stdout).not.toMatch(/^plan:|^\[\d/m);
  });

  it('writes a report that its schema accepts, with every quote the exact line', async () => {
    const { code, stdout } = await explain('--json', 'out/report.json');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    await mkdir(join(work, 'out'));
    expect((await explain('--json', 'out/report.json')).code).toBe(0);
    const report: unknown = JSON.parse(await readFile(join(work, 'out', 'report.json'), 'utf8'));
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    expect(ajv.validate(runReport, report), ajv.errorsText()).toBe(true);
    const { state, claims, goal, changes } = RunReport.parse(report);
    expect({ state, goal, changes }).toEqual({ state: 'verified', goal: 'Explain this folder', changes: [] });
    expect(claims.length).toBeGreaterThan(5);
    for (const { path, line, quote, checked } of claims) {
      expect(checked).toBe(true);
      expect((await readFile(join(folder, path), 'utf8')).split('\n')[line - 1]).toBe(quote);
    }
  });

  it.each([
    ['nothing it knows', ['fly'], 'There is no command fly.'],
    ['a goal without a folder', ['run', 'Explain this folder'], '--folder DIR'],
    ['an approval it does not know', ['run', 'x', '--folder', 'project', '--approve', 'maybe'], 'not maybe'],
    ['a folder that is not there', ['run', 'Explain this folder', '--folder', 'nowhere'], 'FOLDER_GONE'],
    [
      'a file as the folder',
      ['run', 'Explain this folder', '--folder', 'project/README.md'],
      'FOLDER_NOT_A_FOLDER',
    ],
    ['a plan that is not there', ['run', 'x', '--folder', 'project', '--plan', 'none'], 'PLAN_UNKNOWN'],
    [
      'a slot the plan does not have',
      ['run', 'Explain this folder', '--folder', 'project', '--set', 'colour=red'],
      'SLOT_UNKNOWN',
    ],
    ['an empty goal', ['run', ' ', '--folder', 'project'], 'GOAL_EMPTY'],
    ['a run that is not there', ['show', 'none'], 'RUN_UNKNOWN'],
  ])('answers wrong use with 2 and says why: %s', async (_what, args, word) => {
    const { code, stdout, stderr } = await say(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(word);
  });

  it('tells how it is used', async () => {
    const { code, stdout } = await say('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('soma run "GOAL" --folder DIR');
  });

  it('lists runs and shows one again as it was printed', async () => {
    expect(await say('runs')).toMatchObject({ code: 0, stdout: '', stderr: 'There are no runs yet.\n' });
    const first = await explain();
    const run = first.stdout.split('\n')[0]?.replace('run ', '') ?? '';
    const listed = await say('runs');
    expect(listed.stdout).toContain(`${run}  verified`);
    const rows = JSON.parse((await say('runs', '--json')).stdout) as { run: string; phase: string }[];
    expect(rows).toMatchObject([{ run, phase: 'verified' }]);
    const shown = await say('show', run);
    expect(shown.code).toBe(0);
    const cards = first.stdout.slice(first.stdout.indexOf('\n') + 1);
    expect(shown.stdout).toContain(cards);
  });

  it('answers 4 when the data folder cannot be used, and says what to do', async () => {
    await writeFile(join(data.path, 'version.json'), '{"format":99}');
    const { code, stdout, stderr } = await explain();
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^DATA_FOLDER_NEWER: .+\n {2}cause: .+\n {2}effect: .+\n {2}next: .+\n$/);
  });

  it('is a client of the host that runs already', async () => {
    const { child } = await startServe(data.path);
    const pid = await hostPid(data.path);
    expect(pid).toBe(child.pid);
    expect((await explain()).code).toBe(0);
    expect(await hostPid(data.path)).toBe(pid);
  });

  it('starts one host when several commands come at once', async () => {
    const answers = await Promise.all([say('runs'), say('runs'), explain(), say('runs', '--json')]);
    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });

  it('shows what files are called without letting them steer the terminal', async () => {
    await writeFile(join(folder, 'a\u001b[2Jb.md'), '# Title \u001b[31mred\n');
    const { code, stdout, stderr } = await explain();
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).not.toContain('\u001b');
  });
});
