import { FREE_GOAL } from './free-goal-scenario.ts';
import { armKill } from './kill.ts';
import { callsOf, settled, submitGoal } from './run-scenario.ts';
import { chatModelAt, chatOf } from './scripted-chat.ts';
import { openTestHost } from './test-host.ts';

/** Arguments: where to be killed, data folder, folder to look at, run, address of the model. Submits one goal and follows it to its end. */
const [point, data = '', folder = '', run = '', address = ''] = process.argv.slice(2);

const opened = await openTestHost(data, [], { chat: chatOf(chatModelAt(address)) });
await opened.host.start();
armKill(point);
await submitGoal(callsOf(opened), { run, folder, goal: FREE_GOAL });
await settled(opened, run);
await opened.close();
