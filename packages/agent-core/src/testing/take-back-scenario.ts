import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Failpoint } from '../failpoint/index.ts';
import { runUntilKilled } from './kill.ts';
import { folderInMemory } from './local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from './run-scenario.ts';
import { openTestHost } from './test-host.ts';

/** A plan that does something and then cannot say what it claims of it. */
function stumbling(name: string, task: string): string {
  return `
schema: packaged-plan.v1
name: ${name}
version: 1.0.0
title: Do something and stumble
description: A later state of its one task fails for good.
examples: [${name}]
rights: [read, board, write]
tasks:
  - id: act
    title: Act
${task}
    claims:
      - id: none
        kind: quoted
        each: '$error("stumbles")'
        text: '""'
        path: '""'
        line: '1'
        quote: '""'
    checks: [quoted]
`;
}

/** Plans by what they do before they stumble: write a file, draw a chart. */
export const STUMBLING = {
  writes: stumbling(
    'write-and-stumble',
    `    tool: write_files
    arguments: { files: [{ path: new/file.txt, before: null, text: "made\\n" }] }`,
  ),
  draws: stumbling(
    'draw-and-stumble',
    `    tool: canvas_add_chart
    arguments:
      title: A chart
      beside: null
      chart: { kind: bars, bars: [{ label: a, value: 1 }], axes: { label: l, value: v }, unit: null }`,
  ),
};

/** Both sides of every durable write between the change and its being taken back. */
export const TAKE_BACK_FAILPOINTS: readonly Failpoint[] = [
  ...(['ledger.commit.before', 'ledger.commit.written', 'ledger.commit.after'] as const),
  ...(['files.part.before', 'files.part.after', 'files.change.before', 'files.change.after'] as const),
  ...(['files.sync.before', 'files.sync.after'] as const),
];

const CHILD = new URL('./take-back-child.ts', import.meta.url);
const RUN = 'killed';

/**
 * Kills a process at the `hit`-th passing of a failpoint while a run changes a file, fails and takes the change back; opens the data folder
 * again and resumes: the file is as it was before, each call is on record once. Answers false when the run ended before that many hits.
 */
export async function killAndTakeBack(name: Failpoint, hit: number): Promise<boolean> {
  const home = folderInMemory();
  try {
    const folder = join(home.path, 'folder');
    mkdirSync(folder);
    const data = join(home.path, 'data');
    const ended = await runUntilKilled({ entry: CHILD, args: [data, folder, RUN], at: { name, hit } });
    if (!ended.killed && ended.code !== 0) throw new Error(ended.said);
    await resumeAndCheck(data, folder);
    return ended.killed;
  } finally {
    home.remove();
  }
}

async function resumeAndCheck(data: string, folder: string): Promise<void> {
  const opened = await openTestHost(data, [STUMBLING.writes]);
  try {
    await opened.host.start();
    const calls = callsOf(opened);
    const plan = 'write-and-stumble';
    if ((await eventsOf(opened, RUN)).length === 0)
      await submitGoal(calls, { run: RUN, folder, goal: plan, plan, approve: 'all' });
    if ((await settled(opened, RUN)).status.name !== 'ended')
      expect((await calls.run.resume({ id: 'resume', run: RUN })).ok).toBe(true);
    const state = await settled(opened, RUN);
    expect(state.status).toMatchObject({ name: 'ended', state: 'failed' });
    expect(existsSync(join(folder, 'new/file.txt'))).toBe(false);
    const done = (await eventsOf(opened, RUN)).filter(({ type }) => type === 'tool-call.completed');
    expect(done.map((event) => 'call' in event.data && event.data.call)).toEqual([
      `${RUN}.act.1.execute`,
      `${RUN}.act.1.execute-back`,
    ]);
  } finally {
    await opened.close();
  }
}
