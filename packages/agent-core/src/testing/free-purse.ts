import type { EngineParts } from '../engine/index.ts';

/** For engines of which no call costs anything. */
export const FREE_PURSE: EngineParts['purse'] = {
  reserve: ({ dollars }) => Promise.resolve({ ok: true, dollars, settle: () => undefined }),
};

/** For engines that ask no model. */
export const ALWAYS_THERE: EngineParts['health'] = {
  mayAsk: () => true,
  choose: () => undefined,
  hold: () => undefined,
  wait: () => Promise.resolve(),
};
