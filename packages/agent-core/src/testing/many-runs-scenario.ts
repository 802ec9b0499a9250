import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phaseOf, projectSummary, type RunSummary } from '@soma/schemas/run';
import { expect, vi } from 'vitest';
import { runUntilKilled } from './kill.ts';
import { aScope, folderInMemory } from './local-store.ts';
import { type Random, seeded } from './random.ts';
import { eventsOf, settled } from './run-scenario.ts';
import { openTestHost, type TestHost } from './test-host.ts';

const CHILD = new URL('./many-runs-child.ts', import.meta.url);
const RUNS = 20;

/**
 * Kills a host that works on 20 runs at any time, and the hosts that take the runs up after it, also while they start. Then lets one host
 * end them all, and holds each run against the promise. Answers how many hosts were killed.
 */
export async function killAmongRuns(seed: number, generations: number): Promise<number> {
  const home = folderInMemory();
  const random = seeded(seed);
  try {
    const folder = join(home.path, 'folder');
    mkdirSync(folder);
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, `${name}.txt`), `${name}\nTWO ${name}\n`);
    const data = join(home.path, 'data');
    let kills = 0;
    for (let generation = 0; generation < generations; generation++) {
      const args = [data, folder, String(RUNS)];
      const ended = await runUntilKilled({ entry: CHILD, args, at: whenToKill(random) });
      if (!ended.killed && ended.code !== 0) throw new Error(ended.said);
      if (ended.killed) kills += 1;
    }
    const last = await runUntilKilled({ entry: CHILD, args: [data, folder, String(RUNS)], at: null });
    expect(last).toMatchObject({ code: 0, said: '' });
    await inspectRuns(data);
    return kills;
  } finally {
    home.remove();
  }
}

/** At a time, or at any passing of a write: of the start, of the work, or of a backup. */
function whenToKill(random: Random): Parameters<typeof runUntilKilled>[0]['at'] {
  const names = [
    'ledger.lease.after',
    'ledger.commit.before',
    'ledger.commit.written',
    'ledger.commit.after',
  ] as const;
  const name = names[random.below(names.length)];
  if (name === undefined || random.below(2) === 0) return 350 + random.below(800);
  return { name, hit: 1 + random.below(name === 'ledger.lease.after' ? RUNS : 150) };
}

async function inspectRuns(data: string): Promise<void> {
  const opened = await openTestHost(data);
  try {
    await opened.host.start();
    for (let n = 0; n < RUNS; n++) await inspectRun(opened, `run-${n}`);
  } finally {
    await opened.close();
  }
}

async function inspectRun(opened: TestHost, run: string): Promise<void> {
  const state = await settled(opened, run);
  expect(phaseOf(state)).toBe('verified');
  const events = await eventsOf(opened, run);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  let row: RunSummary | null = null;
  for (const event of events) row = projectSummary(row, event);
  expect(await opened.store.ledger.runs.get(aScope(), run)).toEqual(row);
  const once = events.flatMap((event) => {
    if (event.type === 'tool-call.completed') return [event.data.call];
    if (event.type === 'step.completed') return [`${event.data.task}.${event.data.step}`];
    if (event.type === 'run.ended') return ['end'];
    return [];
  });
  expect(new Set(once).size).toBe(once.length);
  await vi.waitFor(async () => {
    const { nodes } = await opened.hub.snapshot({ scope: aScope(), document: `canvas-${run}` });
    expect(nodes.map((node) => node.kind).sort()).toEqual(['artifact', 'artifact', 'run']);
  }, 5000);
}
