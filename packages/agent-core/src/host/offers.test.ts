import type { HostCalls } from '@soma/schemas/contract';
import { openApprovals } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/local-store.ts';
import { callsOf, settled, submitGoal } from '../testing/run-scenario.ts';
import { type SampleFolder, sampleFolder } from '../testing/sample-folder.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

const offer = (plan: string, slots: object) => ({ title: `Then ${plan}`, goal: 'go on', plan, slots });

const OFFERING = `
schema: packaged-plan.v1
name: offer-things
version: 1.0.0
title: Offer things
description: Offers what can be done and what cannot.
examples: [offer things]
rights: [read, board]
tasks:
  - id: list
    title: List
    tool: list_files
    artifact:
      title: Offers
      icon: files
      offers: '${JSON.stringify([
        offer('change-text', { from: 'a', to: 'b' }),
        offer('change-text', { from: 'a' }),
        offer('change-text', { from: 'a', to: 'b', other: 'c' }),
        offer('no-such-plan', {}),
        offer('run-checks', {}),
      ])}'
`;

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let host: TestHost;
let calls: HostCalls;

beforeEach(async () => {
  folder = sampleFolder();
  data = temporaryFolder();
  host = await openTestHost(data.path, [OFFERING]);
  calls = callsOf(host);
});
afterEach(async () => {
  await host.close();
  data.remove();
  folder.remove();
});

async function offersOf(plan: string, task: string) {
  await submitGoal(calls, { run: 'r', folder: folder.path, goal: plan, plan });
  const state = await settled(host, 'r');
  const published = state.artifacts.find((artifact) => artifact.task === task);
  const shown = await calls.run.artifact({ run: 'r', artifact: published?.id ?? '' });
  if (!shown.ok) throw new Error(JSON.stringify(shown));
  return shown.artifact.offers;
}

describe('what a card offers', () => {
  it('is after an explanation the test command that was found, as a run that asks before it runs it', async () => {
    folder.write({ 'package.json': '{\n  "scripts": { "test": "echo all 3 passed" }\n}\n' });
    const [offered, ...others] = await offersOf('explain-folder', 'commands');
    expect(others).toEqual([]);
    expect(offered).toEqual({
      title: 'Run npm test',
      goal: 'run the checks',
      plan: 'run-checks',
      slots: { command: 'npm test' },
    });
    if (offered === undefined) return;
    const { goal, plan, slots } = offered;
    await submitGoal(calls, { run: 'next', folder: folder.path, goal, plan, slots });
    const asking = await settled(host, 'next');
    const [approval] = openApprovals(asking);
    if (approval === undefined) throw new Error('an approval is expected');
    expect(asking.calls[approval.call]).toMatchObject({
      tool: 'run_command',
      outcome: { name: 'undecided' },
    });
    const argumentsHash = approval.arguments.hash;
    await calls.approval.answer({
      ...{ id: 'a', run: 'next', approval: approval.id, argumentsHash },
      answer: 'approved',
    });
    expect((await settled(host, 'next')).status).toMatchObject({ state: 'verified' });
  });

  it('is nothing where no command was found', async () => {
    folder.write({ 'README.md': '# A\n\n    npm install\n\nRun it: `node a.js`\n', 'a.js': 'run();\n' });
    await submitGoal(calls, { run: 'r', folder: folder.path, goal: 'explain', plan: 'explain-folder' });
    const state = await settled(host, 'r');
    for (const { id } of state.artifacts) {
      const shown = await calls.run.artifact({ run: 'r', artifact: id });
      expect(shown.ok && shown.artifact.offers).toEqual([]);
    }
    expect(state.artifacts.length).toBeGreaterThan(2);
  });

  it('names only plans that there are, with the slots they need and no others', async () => {
    expect((await offersOf('offer-things', 'list')).map(({ title, slots }) => [title, slots])).toEqual([
      ['Then change-text', { from: 'a', to: 'b' }],
      ['Then run-checks', {}],
    ]);
  });
});
