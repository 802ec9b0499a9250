import { childIn, DELEGATING_PLANS } from './delegate-scenario.ts';
import { armKill } from './kill.ts';
import { callsOf, settled, submitGoal } from './run-scenario.ts';
import { openTestHost } from './test-host.ts';

/**
 * Arguments: where to be killed, data folder, folder to look at, and what to do. `whole`: submits a goal whose run starts another, and
 * follows it to its end. `stop`: stops one that waits for another; only what comes then can kill.
 */
const [point, data = '', folder = '', what] = process.argv.slice(2);

const opened = await openTestHost(data, DELEGATING_PLANS);
await opened.host.start();
const calls = callsOf(opened);
if (what === 'whole') {
  armKill(point);
  await submitGoal(calls, { run: 'asking', folder, goal: 'ask the docs', plan: 'ask-the-docs' });
  await settled(opened, 'asking');
} else {
  await submitGoal(calls, { run: 'having', folder, goal: 'have it said', plan: 'have-it-said' });
  await childIn(opened, 'having', 'waiting');
  armKill(point);
  await calls.run.stop({ id: 'stop', run: 'having' });
}
await opened.close();
