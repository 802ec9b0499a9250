import { ScriptedEndpoint } from '@soma/agent-core/testing/scripted-endpoint';

// The endpoint of the bench of models in a process of its own: what it does on the processor is nobody's overhead. Its words mean nothing.

const WORDS = 'the river goes on and on past stones and reeds to the sea';
const short = await new ScriptedEndpoint({ otherwise: { text: `${WORDS} ` } }).open();
const long = await new ScriptedEndpoint({ otherwise: { text: `${WORDS} `.repeat(300) } }).open();
process.stdout.write(`${JSON.stringify({ short: short.address, long: long.address })}\n`);
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
