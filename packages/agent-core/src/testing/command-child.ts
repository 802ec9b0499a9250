import { armKill } from './kill.ts';
import { callsOf, settled, submitGoal } from './run-scenario.ts';
import { openTestHost } from './test-host.ts';

/** Arguments: where to be killed, data folder, folder, run, command. Runs the command by run-checks and follows the run to its end. */
const [point, data = '', folder = '', run = '', command = ''] = process.argv.slice(2);

const opened = await openTestHost(data);
await opened.host.start();
armKill(point);
await submitGoal(callsOf(opened), {
  ...{ run, folder, goal: 'run the checks', plan: 'run-checks', approve: 'all' },
  slots: { command },
});
await settled(opened, run);
await opened.close();
