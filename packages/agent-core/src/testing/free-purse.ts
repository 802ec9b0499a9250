import type { EngineParts } from '../engine/index.ts';

/** For engines of which no call costs anything. */
export const FREE_PURSE: EngineParts['purse'] = {
  reserve: ({ dollars }) => Promise.resolve({ ok: true, dollars, settle: () => undefined }),
};
