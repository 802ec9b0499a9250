import { armKill } from './kill.ts';
import { callsOf, settled, submitGoal } from './run-scenario.ts';
import { STUMBLING } from './take-back-scenario.ts';
import { openTestHost } from './test-host.ts';

/** Arguments: where to be killed, data folder, folder to change, run. Submits a goal that fails after its change, and follows it to its end. */
const [point, data = '', folder = '', run = ''] = process.argv.slice(2);

const opened = await openTestHost(data, [STUMBLING.writes]);
await opened.host.start();
armKill(point);
const plan = 'write-and-stumble';
await submitGoal(callsOf(opened), { run, folder, goal: plan, plan, approve: 'all' });
await settled(opened, run);
await opened.close();
