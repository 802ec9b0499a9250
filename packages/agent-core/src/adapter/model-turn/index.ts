export { addressOf } from './address.ts';
export { type Answering, askOnce, NAMELESS, type Place, type Protocol } from './ask.ts';
export { askPlainly } from './plain-call.ts';
export { at, count, type Fields, fields, first, json, list, text } from './read.ts';
export { quietFetch, type Seen } from './request.ts';
