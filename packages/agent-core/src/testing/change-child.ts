import { armKill } from './kill.ts';
import { callsOf, settled, submitGoal } from './run-scenario.ts';
import { openTestHost } from './test-host.ts';

/** Arguments: where to be killed, data folder, folder to change, run. Changes a text in every file. */
const [point, data = '', folder = '', run = ''] = process.argv.slice(2);

const opened = await openTestHost(data);
await opened.host.start();
armKill(point);
const goal = { goal: 'change a text', plan: 'change-text', slots: { from: 'one', to: 'two' } };
await submitGoal(callsOf(opened), { ...goal, run, folder, approve: 'all' });
await settled(opened, run);
await opened.close();
