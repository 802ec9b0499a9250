import { z } from 'zod';

const Dollars = z.number().min(0).max(1_000_000).nullable();

/** The most US dollars that models may cost, a run and a day (in UTC); null is no limit. */
export const Budget = z.object({ perRun: Dollars, perDay: Dollars });
export type Budget = z.infer<typeof Budget>;

/** What stands until a person says otherwise. */
export const FIRST_BUDGET: Budget = { perRun: 1, perDay: 5 };
