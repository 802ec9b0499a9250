import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCalls } from '@soma/schemas/contract';
import { phaseOf, type RunState, type RunSummary } from '@soma/schemas/run';
import { expect } from 'vitest';
import type { Failpoint } from '../failpoint/index.ts';
import { runUntilKilled } from './kill.ts';
import { aScope, folderInMemory } from './local-store.ts';
import { callsOf, eventsOf, settled, submitGoal } from './run-scenario.ts';
import { openTestHost, type TestHost } from './test-host.ts';

/** Has a folder inside asked a question by a run of its own, and quotes what that run found. */
const ASKING_PLAN = `
schema: packaged-plan.v1
name: ask-the-docs
version: 1.0.0
title: Ask the docs
description: Asks the folder docs a question and quotes the answer.
examples: [ask the docs]
rights: [read, board]
tasks:
  - id: ask
    title: Ask
    tool: delegate_goal
    arguments: { plan: find-in-folder, folder: docs, goal: what is the retry timeout, slots: { question: the retry timeout } }
    claims:
      - id: answer
        kind: quoted
        each: 'result.claims[checked and kind = "quoted"]'
        text: '"In " & result.folder & ": " & item.quote'
        path: item.path
        line: item.line
        quote: item.quote
    checks: [quoted]
    artifact: { title: What the docs say, icon: search }
`;

/** Runs a command, for which a person is asked: until then it waits. */
const COMMANDING_PLAN = `
schema: packaged-plan.v1
name: say-hello
version: 1.0.0
title: Say hello
description: Runs a command that says hello.
examples: [say hello]
rights: [execute]
tasks:
  - id: say
    title: Say
    tool: run_command
    arguments: { command: echo hello }
    claims:
      - { id: said, kind: executed, each: '[result]', text: '"It said " & item.summary.quote', path: item.source, line: item.summary.line, quote: item.summary.quote, execution: item }
    checks: [executed]
`;

/** Has the command run by a run of its own. */
const HAVING_PLAN = `
schema: packaged-plan.v1
name: have-it-said
version: 1.0.0
title: Have it said
description: Has another run say hello.
examples: [have it said]
rights: [read, board, execute]
tasks:
  - { id: have, title: Have, tool: delegate_goal, arguments: { plan: say-hello } }
`;

/** Writes "two" over "one" in the folder docs by a run of its own, and "three" over that afterwards by itself. */
const WRITING_PLAN = `
schema: packaged-plan.v1
name: write-on
version: 1.0.0
title: Write on
description: Has a text changed by another run and goes on with it.
examples: [write on]
rights: [read, board, write, execute]
tasks:
  - { id: have, title: Have, tool: delegate_goal, arguments: { plan: change-text, folder: docs, goal: change one to two, slots: { from: one, to: two, check: none } } }
  - { id: find, title: Find, tool: search_files, after: [have], arguments: { text: two } }
  - id: write
    title: Write
    tool: replace_text
    after: [find]
    arguments: { from: two, to: three, wholeWord: false, files: '=[tasks.find.matching.{ "path": path, "before": sha256 }]' }
`;

/** Has it run by a run of its own that has it run by a run of its own. */
const FURTHER_PLAN = HAVING_PLAN.replaceAll('have-it-said', 'have-it-had')
  .replace('plan: say-hello', 'plan: have-it-said')
  .replace('[have it said]', '[have it had]');

/** The same without the right to run commands. */
const POWERLESS_PLAN = HAVING_PLAN.replaceAll('have-it-said', 'powerless').replace(', execute]', ']');

/** Starts a run of itself, which does the same. */
const ENDLESS_PLAN = HAVING_PLAN.replaceAll('have-it-said', 'endless').replace(
  'plan: say-hello',
  'plan: endless',
);

/** Points outside. */
const OUTSIDE_PLAN = ASKING_PLAN.replaceAll('ask-the-docs', 'ask-outside').replace(
  'folder: docs',
  'folder: ..',
);

export const DELEGATING_PLANS: readonly string[] = [
  ...[ASKING_PLAN, COMMANDING_PLAN, HAVING_PLAN, FURTHER_PLAN, POWERLESS_PLAN, ENDLESS_PLAN, OUTSIDE_PLAN],
  WRITING_PLAN,
];

/** A folder with another in it that answers the question of the asking plan. */
export function writeDocs(folder: string): void {
  mkdirSync(join(folder, 'docs'), { recursive: true });
  writeFileSync(join(folder, 'README.md'), '# Lantern\n');
  writeFileSync(join(folder, 'docs', 'guide.md'), '# Guide\n\nThe retry timeout is 250 ms.\n');
}

/** Every run of the host, newest first. */
export async function runsOf({ store }: TestHost): Promise<readonly RunSummary[]> {
  const page = await store.ledger.runs.page({ scope: aScope(), cursor: null, limit: 100, only: 'all' });
  return page.runs;
}

/** The runs that the run started itself, newest first. */
export async function childrenOf(host: TestHost, run: string): Promise<readonly RunSummary[]> {
  return (await runsOf(host)).filter(({ parent }) => parent?.run === run);
}

/** The one run that the run started, once it is in the phase; throws after 20 seconds. */
export async function childIn(host: TestHost, run: string, phase: RunSummary['phase']): Promise<RunSummary> {
  const end = Date.now() + 20_000;
  for (;;) {
    const [child, ...more] = await childrenOf(host, run);
    if (more.length > 0) throw new Error(`${run} started more than one run`);
    if (child?.phase === phase) return child;
    if (Date.now() > end) throw new Error(`what ${run} started is ${child?.phase ?? 'not there'}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The run when it has ended, whatever it waits for before; throws after 40 seconds. */
export async function ended(host: TestHost, run: string): Promise<RunState> {
  const end = Date.now() + 40_000;
  for (;;) {
    const state = await settled(host, run);
    if (state.status.name === 'ended') return state;
    if (Date.now() > end) throw new Error(`${run} is still ${phaseOf(state)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const CHILD = new URL('./delegate-child.ts', import.meta.url);

/**
 * Kills a process at the `hit`-th passing of a failpoint while one run waits for another, opens the data folder again, resumes the waiting
 * run alone, and holds what came of it against the promise: one other run, each fact once, both ends. False when both had ended before.
 */
export async function killDelegating(name: Failpoint, hit: number): Promise<boolean> {
  const home = folderInMemory();
  try {
    const folder = join(home.path, 'folder');
    writeDocs(folder);
    const data = join(home.path, 'data');
    const over = await runUntilKilled({ entry: CHILD, args: [data, folder, 'whole'], at: { name, hit } });
    if (!over.killed && over.code !== 0) throw new Error(over.said);
    const opened = await openTestHost(data, DELEGATING_PLANS);
    try {
      await opened.host.start();
      await resumeWaiting(opened, callsOf(opened), folder);
      await checkOnce(opened);
    } finally {
      await opened.close();
    }
    return over.killed;
  } finally {
    home.remove();
  }
}

async function resumeWaiting(opened: TestHost, calls: HostCalls, folder: string): Promise<void> {
  if ((await eventsOf(opened, 'asking')).length === 0)
    await submitGoal(calls, { run: 'asking', folder, goal: 'ask the docs', plan: 'ask-the-docs' });
  const before = await settled(opened, 'asking');
  if (before.status.name === 'ended') return;
  expect(before.status).toMatchObject({ name: 'interrupted', exit: 'unclean' });
  for (const { run } of await childrenOf(opened, 'asking'))
    expect(['interrupted', 'verified']).toContain(phaseOf(await settled(opened, run)));
  expect((await calls.run.resume({ id: 'resume', run: 'asking' })).ok).toBe(true);
}

async function checkOnce(opened: TestHost): Promise<void> {
  const state = await ended(opened, 'asking');
  expect(phaseOf(state)).toBe('verified');
  const child = await childIn(opened, 'asking', 'verified');
  expect(child.claimsChecked).toBeGreaterThan(0);
  for (const run of ['asking', child.run]) {
    const events = await eventsOf(opened, run);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
    const once = events.flatMap((event) => {
      if (event.type === 'goal.submitted' || event.type === 'run.ended') return [event.type];
      if (event.type === 'tool-call.completed') return [event.data.call];
      if (event.type === 'step.completed') return [`${event.data.task}.${event.data.step}`];
      return [];
    });
    expect(new Set(once).size).toBe(once.length);
  }
}

/** Kills a process at the moment in which the end of a waiting run is written, and answers what the next start makes of the other run. */
export async function killAtStop(): Promise<RunSummary> {
  const home = folderInMemory();
  try {
    const folder = join(home.path, 'folder');
    writeDocs(folder);
    const data = join(home.path, 'data');
    const at = { name: 'ledger.commit.after', hit: 1 } as const;
    const over = await runUntilKilled({ entry: CHILD, args: [data, folder, 'stop'], at });
    if (!over.killed) throw new Error(over.said);
    const opened = await openTestHost(data, DELEGATING_PLANS);
    try {
      expect(phaseOf(await settled(opened, 'having'))).toBe('stopped');
      expect((await childIn(opened, 'having', 'waiting')).endedAt).toBeNull();
      await opened.host.start();
      return await childIn(opened, 'having', 'stopped');
    } finally {
      await opened.close();
    }
  } finally {
    home.remove();
  }
}
