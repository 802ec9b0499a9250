import type { Budget, Scope } from '@soma/schemas/event';
import { dollarsIn, NO_MONEY } from '@soma/schemas/run';
import { budgetFault } from '../domain/budget.ts';
import type { Purse, ReserveRequest } from '../engine/index.ts';
import type { Reserving } from '../policy/index.ts';
import type { Clock, EventStore, ReadModel } from '../port/index.ts';

/** Runs of a page when the day's sum is first made. */
const PAGE = 200;

export interface PurseParts {
  readonly store: EventStore;
  readonly runs: ReadModel;
  readonly clock: Clock;
  readonly scope: Scope;
  readonly budget: () => Budget;
}

/**
 * Keeps what runs spend within the budget. What was spent stands in the rows of the runs, written within the commits of their calls; what
 * was just allowed and is not on record yet is kept here, so that two calls never spend the same money.
 */
export function createPurse({ store, runs, clock, scope, budget }: PurseParts): Purse {
  const held = new Map<string, { readonly run: string; readonly dollars: number }>();
  /** What each run took on the day, of those that took any; made once, then kept up with what is recorded. */
  let book: { readonly day: string; readonly sums: Map<string, number> } | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  const changed = new Set<string>();
  store.watch(scope, (events) => {
    for (const { type, stream } of events)
      if (type.startsWith('tool-call.')) changed.add(stream.split('/')[1] ?? '');
  });

  async function sumOf(run: string, day: string): Promise<number> {
    return dollarsIn((await runs.get(scope, run))?.money ?? NO_MONEY, day);
  }

  async function sums(day: string): Promise<ReadonlyMap<string, number>> {
    if (book?.day !== day) {
      const sums = new Map<string, number>();
      for (let cursor: string | null = null; ; ) {
        const page = await runs.page({ scope, cursor, limit: PAGE, only: 'all' });
        for (const { run, money } of page.runs) if (money !== undefined) sums.set(run, dollarsIn(money, day));
        if (page.cursor === null) break;
        cursor = page.cursor;
      }
      book = { day, sums };
    }
    const again = [...changed];
    changed.clear();
    for (const run of again) book.sums.set(run, await sumOf(run, day));
    return book.sums;
  }

  async function decide({ run, call, dollars }: ReserveRequest): Promise<Reserving> {
    const day = clock.now().slice(0, 10);
    const money = (await runs.get(scope, run))?.money ?? NO_MONEY;
    // What was kept back for this call before is not kept back twice; it counts as spent once the call is allowed again.
    const others = [...held.values()];
    const waiting = (of: readonly { readonly dollars: number }[]) =>
      of.reduce((sum, one) => sum + one.dollars, 0);
    const all = [...(await sums(day)).values()].reduce((sum, one) => sum + one, 0);
    const spent = {
      run: dollarsIn(money) + waiting(others.filter((one) => one.run === run)),
      day: all + waiting(others),
    };
    const problem = budgetFault(budget(), spent, dollars);
    if (problem !== null) return { ok: false, fault: problem };
    // A person said yes to a price that nobody knows; a limit that is reached already holds it up all the same.
    if (dollars === null) return { ok: true, dollars, settle: () => undefined };
    held.set(call, { run, dollars });
    return { ok: true, dollars, settle: () => void held.delete(call) };
  }

  return {
    reserve: (request) => {
      const next = queue.then(() => decide(request));
      queue = next.catch(() => undefined);
      return next;
    },
  };
}
