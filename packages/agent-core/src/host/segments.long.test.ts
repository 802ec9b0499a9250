import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phaseOf } from '@soma/schemas/run';
import { expect, it } from 'vitest';
import { openRun, SEGMENT_EVENTS } from '../engine/index.ts';
import { commitOf, goalSubmitted, remarks } from '../testing/event-sample.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { callsOf, SMALL_PLAN } from '../testing/run-scenario.ts';
import { openTestHost, type TestHost } from '../testing/test-host.ts';

/** No stream of a run is to pass so many events. */
const MOST_EVENTS = 50_000;
const RUN = 'long';
const scope = aScope();

it('a run of 40,000 events goes on in a further segment, and comes to its end there', {
  timeout: 600_000,
}, async () => {
  const home = temporaryFolder();
  const folder = { id: 'f', path: join(home.path, 'folder') };
  mkdirSync(folder.path);
  writeFileSync(join(folder.path, 'a.txt'), 'ONE\nTWO\n');
  const opened = await openTestHost(join(home.path, 'data'), [SMALL_PLAN]);
  try {
    const calls = callsOf(opened);
    await calls.folder.grant(folder);
    await calls.canvas.create({ id: 'canvas', title: 'Long', folder: folder.id });
    await writeLong(opened, folder);
    await opened.host.start();
    expect(await calls.run.resume({ id: 'resume', run: RUN })).toMatchObject({ ok: true });
    for await (const news of await calls.run.watch({ run: RUN, after: null }))
      if (news.type === 'batch' && news.events.some(({ type }) => type === 'run.ended')) break;
    const began = performance.now();
    const { state } = await openRun(opened.log, scope, RUN);
    const ms = Math.round(performance.now() - began);
    process.stdout.write(`a run of ${state?.sequence} events is opened in ${ms} ms\n`);
    expect(state && phaseOf(state)).toBe('verified');
    expect(state?.tasks.length).toBe(3);
    const segments = (await opened.log.runs.get(scope, RUN))?.segments ?? [];
    expect(segments.length).toBe(1);
    expect(segments[0]).toBeGreaterThanOrEqual(SEGMENT_EVENTS);
    expect(segments[0]).toBeLessThan(MOST_EVENTS);
    expect(state?.sequence).toBeGreaterThan(segments[0] ?? 0);
  } finally {
    await opened.close();
    home.remove();
  }
});

/** The log of a run that has come to a few events before the end of its first segment. */
async function writeLong({ store }: TestHost, folder: { id: string; path: string }): Promise<void> {
  const goal = await store.content.put(scope, 'name the files', 'text/plain');
  const first = goalSubmitted(RUN, RUN, { goal, folder, canvas: 'canvas', slots: { word: 'TWO' } });
  const events = [first, ...remarks(RUN, SEGMENT_EVENTS - 8)];
  for (let at = 0; at < events.length; at += 4000) {
    const append = { stream: `run/${RUN}`, expected: at, events: events.slice(at, at + 4000) };
    expect(await store.ledger.commit(commitOf(scope, append))).toMatchObject({ ok: true });
  }
}
