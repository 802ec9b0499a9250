import { existsSync, readFileSync } from 'node:fs';
import type { HostCalls } from '@soma/schemas/contract';
import type { ApproveMode } from '@soma/schemas/event';
import { openApprovals, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { callsOf, settled, submitGoal } from '../../testing/run-scenario.ts';
import { type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { openTestHost, type TestHost } from '../../testing/test-host.ts';

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let host: TestHost;
let calls: HostCalls;

beforeEach(async () => {
  folder = sampleFolder();
  data = temporaryFolder();
  host = await openTestHost(data.path);
  calls = callsOf(host);
});
afterEach(async () => {
  await host.close();
  data.remove();
  folder.remove();
});

async function check(
  slots: Record<string, string> = {},
  approve: ApproveMode = 'all',
  text = 'run the checks',
): Promise<RunState> {
  const goal = { run: 'r', folder: folder.path, goal: text, plan: 'run-checks' };
  await submitGoal(calls, { ...goal, slots, approve });
  return settled(host, 'r');
}

/** The claims of a run as a person reads them, and whether each holds. */
function claimsOf(state: RunState): readonly (readonly [string, boolean])[] {
  return state.tasks.flatMap(({ evidence }) =>
    evidence.map(({ claim, verdict }) => [claim.text, verdict.checked] as const),
  );
}

async function linesOf(state: RunState, task: string): Promise<readonly string[]> {
  const published = state.artifacts.find((artifact) => artifact.task === task);
  const shown = await calls.run.artifact({ run: 'r', artifact: published?.id ?? '' });
  if (!shown.ok) throw new Error(JSON.stringify(shown));
  return shown.artifact.lines.map(({ text, detail }) => (detail === null ? text : `${text}: ${detail}`));
}

const FAILING = `import assert from 'node:assert';
import { test } from 'node:test';
test('adds', () => {
  assert.equal(1 + 1, 2);
});
test('subtracts', () => {
  assert.equal(2 - 1, 2);
});
`;

describe('run-checks', () => {
  it.each([
    ['run the linter', 'npm run lint'],
    ['does it build', 'npm run build'],
    ['check the types', 'none'],
    ['run the build and the tests', 'npm test'],
  ])('runs for %j what it names: %s', async (goal, command) => {
    folder.write({
      'package.json': '{ "scripts": { "test": "exit 0", "lint": "exit 0", "build": "exit 0" } }\n',
    });
    const state = await check({}, 'all', goal);
    const ran = claimsOf(state).flatMap(([text]) => text.match(/^(.*) ended with exit 0$/)?.[1] ?? []);
    expect(ran).toEqual(command === 'none' ? [] : [command]);
    if (command === 'none')
      expect(await linesOf(state, 'find')).toContain(
        'None of these does what was asked for.: Say which command to run.',
      );
  });

  it("asks for the project's own test command, runs it, and proves its exit and each failure with file and line", async () => {
    folder.write({
      'package.json': '{\n  "type": "module",\n  "scripts": { "test": "node --test" }\n}\n',
      'sum.test.js': FAILING,
    });
    const asking = await check({}, 'ask');
    const [approval] = openApprovals(asking);
    expect(asking.status.name).toBe('running');
    const preview = asking.calls[approval?.call ?? '']?.preview;
    if (approval === undefined || preview === undefined) throw new Error('an approval is expected');
    const shown = await calls.content.get({ content: preview });
    expect(shown.ok && JSON.parse(shown.text)).toEqual({
      kind: 'command',
      command: 'npm test',
      folder: folder.path,
      limitSeconds: 600,
    });
    const { hash: argumentsHash } = approval.arguments;
    await calls.approval.answer({
      id: 'a',
      run: 'r',
      approval: approval.id,
      argumentsHash,
      answer: 'approved',
    });
    const state = await settled(host, 'r');
    expect(claimsOf(state)).toEqual([
      ['Check with npm test', true],
      ['npm test ended with exit 1', true],
      ['Failed: subtracts', true],
      ['sum.test.js line 7: subtracts', true],
    ]);
    expect(state.status).toMatchObject({ name: 'ended', state: 'verified' });
    const report = await calls.run.report({ run: 'r' });
    const executed = report.ok ? report.report.claims.find(({ kind }) => kind === 'executed') : undefined;
    expect(executed).toMatchObject({ text: 'npm test ended with exit 1', checked: true });
    expect(executed?.path).toMatch(/^output:\/\/[0-9a-f]{64}$/);
    expect(executed?.quote).toContain('fail 1');
  });

  it('runs nothing when a person says no', async () => {
    const state = await check({ command: 'touch ran' }, 'never');
    expect(state.status).toMatchObject({ state: 'failed' });
    expect(existsSync(folder.at('ran'))).toBe(false);
  });

  it('runs the command it was given instead, without looking for another', async () => {
    folder.write({ Makefile: 'test:\n\ttouch made\n' });
    const state = await check({ command: 'echo all 3 passed' });
    expect(state.tasks.map(({ status }) => status.name)).toEqual(['unneeded', 'verified']);
    expect(claimsOf(state)).toEqual([['echo all 3 passed ended with exit 0', true]]);
    expect(await linesOf(state, 'run')).toEqual([
      expect.stringMatching(/^[\d.]+ s, no failure named: 1 line of output$/),
    ]);
    expect(existsSync(folder.at('made'))).toBe(false);
  });

  it('says what the end of a command was that names no failure, with its last lines', async () => {
    const state = await check({ command: 'echo before; no-such-program-here' });
    expect(claimsOf(state)).toEqual([['echo before; no-such-program-here ended with exit 127', true]]);
    const lines = await linesOf(state, 'run');
    expect(lines).toContain('The shell did not find a program of this command.');
    expect(lines).toContain('before');
    expect(state.status).toMatchObject({ state: 'verified' });
  });

  it('is ended when the run is paused, and asks again before it is run anew', async () => {
    const command = 'echo x >> ran; sleep 100';
    const asking = await check({ command }, 'ask');
    const answer = async (state: RunState, id: string) => {
      const [approval] = openApprovals(state);
      if (approval === undefined) throw new Error('an approval is expected');
      const { hash: argumentsHash } = approval.arguments;
      const given = { run: 'r', approval: approval.id, argumentsHash, answer: 'approved' } as const;
      expect((await calls.approval.answer({ id, ...given })).ok).toBe(true);
    };
    await answer(asking, 'first');
    await vi.waitFor(() => expect(existsSync(folder.at('ran'))).toBe(true), 5000);
    expect((await calls.run.pause({ id: 'pause', run: 'r' })).ok).toBe(true);
    expect((await calls.run.resume({ id: 'resume', run: 'r' })).ok).toBe(true);
    const again = await settled(host, 'r');
    expect(openApprovals(again)).toHaveLength(1);
    expect(again.tasks[1]).toMatchObject({ attempt: 2, status: { name: 'waiting' } });
    expect(readFileSync(folder.at('ran'), 'utf8')).toBe('x\n');
  });

  it('takes no longer than it was told, and proves that it was ended', async () => {
    const state = await check({ command: 'echo begun; sleep 100', seconds: '1' });
    expect(claimsOf(state)).toEqual([['echo begun; sleep 100 did not end within 1 s and was ended', true]]);
    expect(state.status).toMatchObject({ state: 'verified' });
  });

  it('says that nothing was found to run, and where it looked', async () => {
    folder.write({
      'package.json': '{ "scripts": { "test": "echo \\"Error: no test specified\\" && exit 1" } }\n',
    });
    const state = await check();
    expect(state.tasks.map(({ status }) => status.name)).toEqual(['dropped', 'empty', 'unneeded']);
    expect(state.status).toMatchObject({ state: 'unverified' });
    expect(await linesOf(state, 'look')).toEqual([
      'No test or build command was found.: Read package.json. Say which command to run.',
    ]);
  });

  it('quotes what the instructions say where no manifest names a command, and runs nothing of it', async () => {
    folder.write({
      'README.md':
        '# Lantern\n\nReads logs.\n\n## Tests\n\nTo run the tests, call ./check-all.sh with no arguments.\n',
      'check-all.sh': 'touch ran\n',
      'run.py': '# how to run the tests\n',
    });
    const state = await check();
    expect(state.tasks.map(({ status }) => status.name)).toEqual(['dropped', 'verified', 'unneeded']);
    expect(claimsOf(state)).toContainEqual([
      'The instructions say: To run the tests, call ./check-all.sh with no arguments.',
      true,
    ]);
    expect(state.tasks[1]?.evidence.map(({ claim }) => claim.citation.path)).not.toContain('run.py');
    expect(await linesOf(state, 'look')).toEqual([
      'No manifest names a command. These lines may say which it is.: Read README.md. Say which command to run.',
    ]);
    expect(existsSync(folder.at('ran'))).toBe(false);
  });

  it.each([
    [{ Makefile: 'build:\n\techo built\ntest:\n\techo tested\n' }, 'make test'],
    [{ 'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = "t"\n' }, 'python3 -m pytest'],
    [{ 'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\n' }, 'cargo test'],
    [{ 'go.mod': 'module example.com/x\n' }, 'go test ./...'],
    [{ 'tox.ini': '[testenv]\n' }, 'tox'],
    [{ 'package.json': '{ "scripts": { "build": "x", "lint": "y" } }' }, 'npm run lint'],
    [
      {
        'package.json': '{ "scripts": { "build": "x" } }',
        'sub/package.json': '{ "scripts": { "test": "x" } }',
      },
      'npm run build',
    ],
  ])('finds the command of %j', async (files, command) => {
    folder.write(files);
    const state = await check({}, 'ask');
    const [approval] = openApprovals(state);
    const shown = await calls.content.get({ content: approval?.arguments ?? expect.fail('no approval') });
    expect(shown.ok && JSON.parse(shown.text)).toEqual({ command, timeoutSeconds: 600 });
  });
});
