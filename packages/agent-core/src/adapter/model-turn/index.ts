export { type Answering, askOnce, NAMELESS, type Place, type Protocol } from './ask.ts';
export { type Asked, errorIn, type Failure, failureOf, unreachable } from './fault-of.ts';
export { at, count, type Fields, fields, first, json, list, text } from './read.ts';
export { bounded, keyFault, quietFetch, type Seen } from './request.ts';
export { Watch } from './watch.ts';
