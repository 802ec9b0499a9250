import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phaseOf } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm } from '../failpoint/index.ts';
import { temporaryFolder } from '../testing/local-store.ts';
import { callsOf, SMALL_PLAN, settled, submitGoal } from '../testing/run-scenario.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

describe('a board that takes no more', () => {
  let home: ReturnType<typeof temporaryFolder>;
  let opened: TestHost;
  let disarm: () => void;

  beforeEach(async () => {
    home = temporaryFolder();
    mkdirSync(join(home.path, 'folder'));
    writeFileSync(join(home.path, 'folder', 'a.txt'), 'ONE\nTWO\n');
    opened = await openTestHost(join(home.path, 'data'), [SMALL_PLAN]);
    await opened.host.start();
    disarm = arm('documents.append.before', () => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
  });
  afterEach(async () => {
    disarm();
    await opened.close();
    home.remove();
  });

  it('pauses the run with the fault, and the run goes on from there when it is resumed', async () => {
    const calls = callsOf(opened);
    const folder = join(home.path, 'folder');
    await submitGoal(calls, { run: 'r1', folder, goal: 'name the files', slots: { word: 'TWO' } });
    const paused = await settled(opened, 'r1');
    expect(paused.status).toMatchObject({ name: 'paused', reason: 'fault', fault: { code: 'DISK_FULL' } });
    disarm();
    expect((await calls.run.resume({ id: 'again', run: 'r1' })).ok).toBe(true);
    expect(phaseOf(await settled(opened, 'r1'))).toBe('verified');
  });
});
