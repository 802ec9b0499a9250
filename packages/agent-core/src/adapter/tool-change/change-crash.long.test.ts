import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Failpoint } from '../../failpoint/index.ts';
import { runUntilKilled } from '../../testing/kill.ts';
import { callsOf, settled } from '../../testing/run-scenario.ts';
import { type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { openTestHost } from '../../testing/test-host.ts';

const CHILD = new URL('../../testing/change-child.ts', import.meta.url);
const FILES = { 'a.txt': 'one\n', 'b/c.txt': 'one and one\n', 'd.txt': 'no\n', 'e.txt': 'one' };
const CHANGED = { 'a.txt': 'two\n', 'b/c.txt': 'two and two\n', 'd.txt': 'no\n', 'e.txt': 'two' };
const PLACES: readonly Failpoint[] = [
  ...(['files.part.before', 'files.part.after'] as const),
  ...(['files.change.before', 'files.change.after'] as const),
  ...(['files.sync.before', 'files.sync.after'] as const),
];

let folder: SampleFolder;
let data: SampleFolder;
beforeEach(() => {
  folder = sampleFolder(FILES);
  data = sampleFolder();
});
afterEach(() => {
  folder.remove();
  data.remove();
});

const texts = () =>
  Object.fromEntries(
    readdirSync(folder.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`)
      .map((path) => [path.slice(folder.path.length + 1), readFileSync(path, 'utf8')]),
  );

describe('a change of files whose process is killed', () => {
  it('leaves no part of a file behind when the run is stopped rather than resumed', async () => {
    const at = { name: 'files.part.after', hit: 2 } as const;
    expect((await runUntilKilled({ entry: CHILD, args: [data.path, folder.path, 'r'], at })).killed).toBe(
      true,
    );
    expect(Object.keys(texts()).filter((path) => path.endsWith('.part'))).toHaveLength(2);
    const host = await openTestHost(data.path);
    await host.host.start();
    expect((await callsOf(host).run.stop({ id: 'stop', run: 'r' })).ok).toBe(true);
    await host.close();
    expect(texts()).toEqual(FILES);
  });

  for (const name of PLACES) {
    it(`is done once and whole after the run is resumed, when killed at ${name}`, {
      timeout: 60_000,
    }, async () => {
      let killed = 0;
      for (const hit of [1, 2, 3]) {
        const run = `r${hit}`;
        folder.write(FILES);
        const args = [data.path, folder.path, run];
        const ended = await runUntilKilled({ entry: CHILD, args, at: { name, hit } });
        if (!ended.killed) break;
        killed += 1;
        const host = await openTestHost(data.path);
        await host.host.start();
        expect((await callsOf(host).run.resume({ id: `again-${run}`, run })).ok).toBe(true);
        const state = await settled(host, run);
        expect(state.status).toMatchObject({ state: 'verified' });
        expect(state.changes).toMatchObject([{ files: 3 }]);
        expect(texts()).toEqual(CHANGED);
        await callsOf(host).run.undoFiles({ id: `undo-${run}`, run, paths: null });
        expect(texts()).toEqual(FILES);
        await host.close();
      }
      expect(killed).toBeGreaterThan(0);
    });
  }
});
