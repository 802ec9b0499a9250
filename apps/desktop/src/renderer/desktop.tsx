import { hostCalls, PROTOCOL } from '@soma/schemas/contract';
import { connectByPort } from './port.ts';

const pipe = await connectByPort();
const answer = await hostCalls(pipe).host.describe({ protocol: PROTOCOL });
document.body.textContent = JSON.stringify(answer);
