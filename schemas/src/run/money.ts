import { z } from 'zod';
import type { RecordedRunEvent } from '../event/registry.ts';
import { isUnclear, modelOfAttempt, type RunState } from './state.ts';

const Dollars = z.number().min(0);

/** What a run took of models, in US dollars, as far as it is known. */
export const RunMoney = z.object({
  /** What calls cost that are over, by the day (UTC) on which they ended; `unpriced` counts those of which nobody knows. */
  days: z.array(z.object({ day: z.iso.date(), dollars: Dollars, unpriced: z.number().int().min(0) })),
  /** What is kept back for calls of which nobody knows yet what they cost, by their ids. */
  reserved: z.record(z.string(), Dollars),
});
export type RunMoney = z.infer<typeof RunMoney>;

export const NO_MONEY: RunMoney = { days: [], reserved: {} };

export type MoneyEvent = Extract<
  RecordedRunEvent,
  { type: 'tool-call.decided' | 'tool-call.completed' | 'tool-call.failed' }
>;

/** The sums after one more call was allowed or over; the same object where it took no money. */
export function countMoney(before: RunMoney, { type, data, time }: MoneyEvent): RunMoney {
  const { call } = data;
  const kept = before.reserved[call];
  const { [call]: _kept, ...reserved } = before.reserved;
  const day = time.slice(0, 10);
  if (type === 'tool-call.decided') {
    if (data.verdict !== 'allow' || data.reserved === undefined || data.reserved === null) return before;
    // It was allowed before and nobody knows what came of that: it may have cost all that was kept back.
    const days = kept === undefined ? before.days : added(before.days, { day, dollars: kept, unpriced: 0 });
    return { ...before, days, reserved: { ...reserved, [call]: data.reserved } };
  }
  if (data.spent === undefined && kept === undefined) return before;
  const dollars = data.spent?.dollars ?? kept ?? null;
  const spent = { day, dollars: dollars ?? 0, unpriced: dollars === null ? 1 : 0 };
  return { ...before, days: added(before.days, spent), reserved };
}

/** The sums when the run ends: nobody will say any more what calls under way cost, so they count for all that was kept back. */
export function closeMoney(before: RunMoney, at: string): RunMoney {
  const dollars = Object.values(before.reserved).reduce((sum, one) => sum + one, 0);
  if (Object.keys(before.reserved).length === 0) return before;
  return {
    ...before,
    days: added(before.days, { day: at.slice(0, 10), dollars, unpriced: 0 }),
    reserved: {},
  };
}

function added(
  days: RunMoney['days'],
  { day, dollars, unpriced }: RunMoney['days'][number],
): RunMoney['days'] {
  const known = days.find((one) => one.day === day) ?? { dollars: 0, unpriced: 0 };
  const others = days.filter((one) => one.day !== day);
  return [...others, { day, dollars: known.dollars + dollars, unpriced: known.unpriced + unpriced }];
}

/** What a run took of models in all, and on one day (UTC), with what is kept back for calls under way: all of it counts for today. */
export function dollarsIn({ days, reserved }: RunMoney, today?: string): number {
  const spent = days.filter(({ day }) => today === undefined || day === today);
  return [...spent.map(({ dollars }) => dollars), ...Object.values(reserved)].reduce(
    (all, one) => all + one,
    0,
  );
}

/** What runs took of models on a day (UTC), and how many of their calls nobody knows the cost of. */
export function spentOn(day: string, all: readonly RunMoney[]): Pick<Outside, 'dollars' | 'unpriced'> {
  return {
    dollars: all.reduce((sum, money) => sum + dollarsIn(money, day), 0),
    unpriced: all
      .flatMap(({ days }) => days.filter((one) => one.day === day))
      .reduce((sum, { unpriced }) => sum + unpriced, 0),
  };
}

/** What a run's calls sent away from this computer, and what they took of models, as its state tells. */
export interface Outside {
  /** Models elsewhere that were told what was read, by their names, each once. */
  readonly models: readonly string[];
  /** Requests to addresses, and commands, which may send what they like. */
  readonly requests: number;
  readonly commands: number;
  /** Calls that asked a model, here or elsewhere. */
  readonly asked: number;
  readonly dollars: number;
  /** Of those, calls of which nobody knows what they cost. */
  readonly unpriced: number;
}

export function outsideOf(state: RunState): Outside {
  const begun = Object.values(state.calls).filter(
    (call) => call.outcome.name === 'completed' || call.outcome.name === 'failed' || isUnclear(call),
  );
  const asking = begun.flatMap((call) => {
    const model = call.risk === 'model' ? modelOfAttempt(state, call.task, call.attempt) : null;
    const spent = 'spent' in call.outcome ? call.outcome.spent : undefined;
    return model === null ? [] : [{ model, dollars: spent?.dollars ?? null }];
  });
  const away = asking.filter(({ model }) => !model.local);
  return {
    models: [...new Set(away.map(({ model }) => model.model))],
    requests: begun.filter(({ risk }) => risk === 'network').length,
    commands: begun.filter(({ risk }) => risk === 'execute').length,
    asked: asking.length,
    dollars: asking.reduce((sum, { dollars }) => sum + (dollars ?? 0), 0),
    unpriced: away.filter(({ dollars }) => dollars === null).length,
  };
}
