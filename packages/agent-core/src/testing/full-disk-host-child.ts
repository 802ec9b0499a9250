// A host whose data folder lies on a small disk of its own, which becomes full while a run is at work. Arguments: the disk's folder, and
// another, not empty, for the run. Ends with code 0 when everything held.
import assert from 'node:assert/strict';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phaseOf } from '@soma/schemas/run';
import { callsOf, SMALL_PLAN, settled, submitGoal } from './run-scenario.ts';
import { openTestHost } from './test-host.ts';

const [disk = '', folder = ''] = process.argv.slice(2);
const filler = join(disk, 'filler');
const opened = await openTestHost(join(disk, 'data'), [SMALL_PLAN]);
await opened.host.start();
const calls = callsOf(opened);
const asked = { folder, goal: 'name the files', slots: { word: 'TWO' } };
await submitGoal(calls, { ...asked, run: 'r0' });
assert.equal(phaseOf(await settled(opened, 'r0')), 'verified');

await submitGoal(calls, { ...asked, run: 'r1' });
fill();
await told((codes) => codes.includes('DISK_FULL'));
for (let n = 0; n < 3; n += 1) {
  fill();
  const read = await atOnce('run.get', () => calls.run.get({ run: 'r0' }));
  assert.equal(read.ok && phaseOf(read.state), 'verified');
  const page = await atOnce('run.page', () => calls.run.page({ cursor: null, limit: 10 }));
  assert.equal(page.ok && page.runs.length, 2);
  const refused = [
    await atOnce('run.pause', () => calls.run.pause({ id: `pause-${n}`, run: 'r1' })),
    await atOnce('canvas.create', () =>
      calls.canvas.create({ id: `c-${n}`, title: 'x'.repeat(200), folder: null }),
    ),
    await atOnce('data.backup', () => calls.data.backup({ id: `b-${n}`, path: join(disk, 'backup') })),
  ];
  for (const answer of refused)
    assert.equal(!answer.ok && answer.fault.code, 'DISK_FULL', JSON.stringify(answer));
  assert.deepEqual(readdirSync(disk).sort(), ['data', 'filler']);
}
rmSync(filler);
await told((codes) => codes.length === 0);
const state = await settled(opened, 'r1');
if (phaseOf(state) === 'paused') {
  assert.ok(state.status.name === 'paused' && state.status.reason === 'fault');
  assert.ok((await calls.run.resume({ id: 'again', run: 'r1' })).ok);
}
assert.equal(phaseOf(await settled(opened, 'r1')), 'verified');
const made = await calls.data.backup({ id: 'b-9', path: join(disk, 'backup') });
assert.ok(made.ok, JSON.stringify(made));
await opened.close();

/** Leaves not one block free. */
function fill(): void {
  for (;;) {
    const { bsize, bavail } = statfsSync(disk);
    if (bavail === 0) return;
    writeFileSync(filler, Buffer.alloc(bsize * bavail), { flag: 'a' });
  }
}

async function atOnce<Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> {
  const before = performance.now();
  const answer = await ask();
  const took = performance.now() - before;
  assert.ok(took < 3000, `${what} took ${took} ms`);
  return answer;
}

/** Waits until the news of the workspace, as a window gets them, say that the faults of the host are so. */
async function told(isSo: (codes: readonly string[]) => boolean): Promise<void> {
  const over = AbortSignal.timeout(20_000);
  for await (const news of await calls.workspace.watch({}, { signal: over })) {
    if ((news.type === 'snapshot' || news.type === 'faults') && isSo(news.faults.map(({ code }) => code)))
      return;
  }
  assert.fail('the news did not come');
}
