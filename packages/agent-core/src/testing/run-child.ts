import { armKill } from './kill.ts';
import { callsOf, SMALL_PLAN, settled, submitGoal } from './run-scenario.ts';
import { openTestHost } from './test-host.ts';

/** Arguments: where to be killed, data folder, folder to look at, run, events a segment. Submits one goal and follows it to its end. */
const [point, data = '', folder = '', run = '', segment = ''] = process.argv.slice(2);

const opened = await openTestHost(
  data,
  [SMALL_PLAN],
  segment === '' ? {} : { segmentEvents: Number(segment) },
);
await opened.host.start();
armKill(point);
await submitGoal(callsOf(opened), { run, folder, goal: 'name the files', slots: { word: 'TWO' } });
await settled(opened, run);
await opened.close();
