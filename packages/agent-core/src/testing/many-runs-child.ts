import { armKill } from './kill.ts';
import { callsOf, SMALL_PLAN, settled, submitGoal } from './run-scenario.ts';
import { openTestHost } from './test-host.ts';

/** Arguments: where to be killed, data folder, folder to look at, how many runs. Takes up what is there, submits what is not, and follows all. */
const [point, data = '', folder = '', count = ''] = process.argv.slice(2);

armKill(point);
const opened = await openTestHost(data, [SMALL_PLAN]);
const before = await opened.store.ledger.runs.page({
  scope: opened.host.scope(),
  cursor: null,
  limit: 1000,
  only: 'all',
});
const known = new Map(before.runs.map(({ run, endedAt }) => [run, endedAt]));
await opened.host.start([...known.keys()]);
const calls = callsOf(opened);
const runs = Array.from({ length: Number(count) }, (_, n) => `run-${n}`);
const slots = { word: 'TWO' };
await Promise.all(
  runs.map(async (run) => {
    if (!known.has(run))
      await submitGoal(calls, { run, folder, goal: `name the files ${run}`, plan: 'name-the-files', slots });
    await settled(opened, run);
  }),
);
await opened.close();
