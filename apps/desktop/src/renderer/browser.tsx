import { hostCalls, PROTOCOL } from '@soma/schemas/contract';
import { connectBySocket } from './socket.ts';

const pipe = await connectBySocket();
const answer = await hostCalls(pipe).host.describe({ protocol: PROTOCOL });
document.body.textContent = JSON.stringify(answer);
