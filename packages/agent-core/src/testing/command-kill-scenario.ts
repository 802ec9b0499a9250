import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { phaseOf } from '@soma/schemas/run';
import { expect } from 'vitest';
import { type KillPoint, runUntilKilled } from './kill.ts';
import { temporaryFolder } from './local-store.ts';
import { callsOf, eventsOf, settled } from './run-scenario.ts';
import { openTestHost } from './test-host.ts';

const CHILD = new URL('./command-child.ts', import.meta.url);
const RUN = 'r';

/**
 * Kills a host where `at` says while it runs a command, opens the data folder again, resumes, and holds what came of it against the
 * promise: the command ran once, and the run is verified. Answers false when the run ended before that.
 */
export async function killWhileCommanding(at: KillPoint): Promise<boolean> {
  const home = temporaryFolder();
  try {
    const [data, folder] = [join(home.path, 'data'), join(home.path, 'folder')];
    mkdirSync(folder);
    const command = 'echo x >> ran; echo 1 failed; exit 3';
    const ended = await runUntilKilled({ entry: CHILD, args: [data, folder, RUN, command], at });
    if (!ended.killed && ended.code !== 0) throw new Error(ended.said);
    const wasSubmitted = await resumeAndCheck(data);
    const ran = join(folder, 'ran');
    expect(existsSync(ran) ? readFileSync(ran, 'utf8') : '').toBe(wasSubmitted ? 'x\n' : '');
    return ended.killed;
  } finally {
    home.remove();
  }
}

async function resumeAndCheck(data: string): Promise<boolean> {
  const opened = await openTestHost(data);
  try {
    await opened.host.start();
    if ((await eventsOf(opened, RUN)).length === 0) return false;
    const before = await settled(opened, RUN);
    if (before.status.name !== 'ended')
      expect((await callsOf(opened).run.resume({ id: 'resume', run: RUN })).ok).toBe(true);
    const state = await settled(opened, RUN);
    expect(phaseOf(state)).toBe('verified');
    expect(state.tasks[1]?.evidence.map(({ claim }) => claim.text)).toEqual([
      'echo x >> ran; echo 1 failed; exit 3 ended with exit 3',
    ]);
    return true;
  } finally {
    await opened.close();
  }
}
