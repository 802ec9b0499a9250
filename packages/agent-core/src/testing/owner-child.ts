import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { acquire } from '../adapter/data-folder/index.ts';

/** Arguments: data folder and, to end by itself, milliseconds. Asks for the folder, says `owned` or `foreign`, and stays. */
const [folder = '', ms] = process.argv.slice(2);
const answer = acquire(folder);
if (answer.owned) answer.publish({ pid: process.pid, socket: join(folder, 'host.sock'), name: 'other' });
writeSync(1, answer.owned ? 'owned\n' : 'foreign\n');
setTimeout(() => process.exit(), Number(ms ?? 60_000));
