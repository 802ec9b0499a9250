import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phaseOf } from '@soma/schemas/run';
import { expect, vi } from 'vitest';
import { openRun } from '../engine/index.ts';
import type { Failpoint } from '../failpoint/index.ts';
import { runUntilKilled } from './kill.ts';
import { aScope, folderInMemory } from './local-store.ts';
import { callsOf, eventsOf, SMALL_PLAN, settled, submitGoal } from './run-scenario.ts';
import { openTestHost, type TestHost } from './test-host.ts';

/** Both sides of every durable write a run makes. */
export const RUN_FAILPOINTS: readonly Failpoint[] = [
  'ledger.commit.before',
  'ledger.commit.written',
  'ledger.commit.after',
  'documents.append.before',
  'documents.append.after',
];

const CHILD = new URL('./run-child.ts', import.meta.url);
const RUN = 'killed';

/**
 * Kills a process at the `hit`-th passing of a failpoint in the middle of a run, opens the data folder again, resumes, and holds what came
 * of it against the promise: the same end, each fact once, each card once. With `segmentEvents` its log goes on in further segments meanwhile. Answers false when the run ended before that many hits.
 */
export async function killAndResume(name: Failpoint, hit: number, segmentEvents?: number): Promise<boolean> {
  const home = folderInMemory();
  try {
    const folder = join(home.path, 'folder');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.txt'), 'ONE\nTWO\n');
    writeFileSync(join(folder, 'b.txt'), 'TWO more\n');
    const data = join(home.path, 'data');
    const ended = await runUntilKilled({
      entry: CHILD,
      args: [data, folder, RUN, String(segmentEvents ?? '')],
      at: { name, hit },
    });
    if (!ended.killed && ended.code !== 0) throw new Error(ended.said);
    await resumeAndCheck({ data, folder, segmentEvents });
    return ended.killed;
  } finally {
    home.remove();
  }
}

interface Killed {
  readonly data: string;
  readonly folder: string;
  readonly segmentEvents: number | undefined;
}

async function resumeAndCheck({ data, folder, segmentEvents }: Killed): Promise<void> {
  const options = segmentEvents === undefined ? {} : { segmentEvents };
  const opened = await openTestHost(data, [SMALL_PLAN], options);
  try {
    await opened.host.start();
    const calls = callsOf(opened);
    if ((await eventsOf(opened, RUN)).length === 0)
      await submitGoal(calls, { run: RUN, folder, goal: 'name the files', slots: { word: 'TWO' } });
    const before = await settled(opened, RUN);
    if (before.status.name !== 'ended') {
      expect(before.status).toMatchObject({ name: 'interrupted', exit: 'unclean' });
      expect((await calls.run.resume({ id: 'resume', run: RUN })).ok).toBe(true);
    }
    const state = await settled(opened, RUN);
    expect(phaseOf(state)).toBe('verified');
    expect(state.artifacts.map(({ title }) => title).sort()).toEqual(['Files', 'Found']);
    const events = await eventsOf(opened, RUN);
    if (segmentEvents !== undefined) expect(await segmentsOf(opened, RUN)).toBeGreaterThan(2);
    expect((await openRun(opened.log, aScope(), RUN)).state).toEqual(state);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
    const once = events.flatMap((event) => {
      if (event.type === 'tool-call.completed') return [event.data.call];
      if (event.type === 'step.completed') return [`${event.data.task}.${event.data.step}`];
      if (event.type === 'artifact.published') return [event.data.artifact];
      return [];
    });
    expect(new Set(once).size).toBe(once.length);
    await vi.waitFor(async () => {
      const { nodes } = await opened.hub.snapshot({ scope: aScope(), document: `canvas-${RUN}` });
      expect(nodes.map((node) => node.kind).sort()).toEqual(['artifact', 'artifact', 'run']);
      const pictured = nodes.find((node) => node.kind === 'run');
      expect(pictured).toMatchObject({ caption: { state: 'verified', title: 'name the files' } });
    }, 5000);
  } finally {
    await opened.close();
  }
}

async function segmentsOf({ log }: TestHost, run: string): Promise<number> {
  return 1 + ((await log.runs.get(aScope(), run))?.segments.length ?? 0);
}
