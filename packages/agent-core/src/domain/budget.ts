import { type Budget, type Fault, fault } from '@soma/schemas/event';

/** What was spent and is kept back already, in US dollars: of the run, and of the day. */
export interface Spent {
  readonly run: number;
  readonly day: number;
}

/**
 * Why a call that may cost so much does not begin: with it the run, or the day, might cost more than was set; or, of a price that nobody
 * knows (null), as much was spent already. Null where it may begin.
 */
export function budgetFault({ perRun, perDay }: Budget, spent: Spent, cost: number | null): Fault | null {
  // What costs nothing is never held up, whatever was spent.
  if (cost === 0) return null;
  const dollars = cost ?? 0;
  const isOver = (sum: number, limit: number) => (cost === null ? sum >= limit : sum + cost > limit);
  if (perRun !== null && isOver(spent.run, perRun))
    return reached({ per: 'run', limit: perRun, spent: spent.run, needed: dollars });
  if (perDay !== null && isOver(spent.day, perDay))
    return reached({ per: 'day', limit: perDay, spent: spent.day, needed: dollars });
  return null;
}

/** Sums are told to a hundredth of a cent, never less than they are. */
function reached({
  spent,
  needed,
  ...which
}: Record<'limit' | 'spent' | 'needed', number> & { per: string }) {
  const told = (dollars: number) => Math.ceil(dollars * 10_000) / 10_000;
  return fault('BUDGET_REACHED', { ...which, spent: told(spent), needed: told(needed) });
}
