import { parseArgs } from 'node:util';
import { type ModelUse, readModelUse } from './model-use.ts';
import { only, type WrongUse, wrong } from './wrong-use.ts';

/** What a person typed about the house rather than about runs: plans, agents, models, what waits to be sent on, backups. */
export type HouseUse =
  | { readonly verb: 'plan'; readonly what: 'check' | 'add'; readonly file: string }
  | { readonly verb: 'plan'; readonly what: 'remove'; readonly plan: string }
  | { readonly verb: 'plan'; readonly what: 'list' }
  | { readonly verb: 'agent'; readonly what: 'check'; readonly file: string }
  | { readonly verb: 'agent'; readonly what: 'list' }
  | ModelUse
  /** `folder`: where to make it; null is a new folder here. */
  | { readonly verb: 'backup'; readonly folder: string | null }
  | { readonly verb: 'restore'; readonly from: string }
  | { readonly verb: 'downgrade'; readonly database: string; readonly version: number }
  | { readonly verb: 'begin-anew' }
  /** A limit left out stays as it is; null is none. */
  | { readonly verb: 'budget'; readonly perRun?: number | null; readonly perDay?: number | null }
  | { readonly verb: 'queue'; readonly what: 'list'; readonly json: boolean }
  /** `copy`: the id of an event; null is all that was set aside. */
  | { readonly verb: 'queue'; readonly what: 'requeue'; readonly copy: string | null }
  | { readonly verb: 'queue'; readonly what: 'reconcile'; readonly json: boolean };

export function readHouseUse(verb: HouseUse['verb'], args: string[]): HouseUse | WrongUse {
  switch (verb) {
    case 'plan':
      return readPlan(args);
    case 'agent':
      return readAgent(args);
    case 'model':
      return readModelUse(args);
    case 'queue':
      return readQueue(args);
    case 'backup':
    case 'restore':
      return readBackup(verb, args);
    case 'budget':
      return readBudget(args);
    case 'downgrade':
      return readDowngrade(args);
    case 'begin-anew':
      parseArgs({ args });
      return { verb };
    default:
      return verb satisfies never;
  }
}

function readPlan(args: string[]): HouseUse | WrongUse {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [what, ...rest] = positionals;
  if (what === 'list' && rest.length === 0) return { verb: 'plan', what };
  const one = only(rest);
  if (one === null) return wrong('plan', {});
  if (what === 'check' || what === 'add') return { verb: 'plan', what, file: one };
  return what === 'remove' ? { verb: 'plan', what, plan: one } : wrong('plan', {});
}

function readAgent(args: string[]): HouseUse | WrongUse {
  const [what, ...rest] = parseArgs({ args, allowPositionals: true }).positionals;
  if (what === 'list' && rest.length === 0) return { verb: 'agent', what };
  const file = only(rest);
  return what === 'check' && file !== null ? { verb: 'agent', what, file } : wrong('agent', {});
}

function readBackup(verb: 'backup' | 'restore', args: string[]): HouseUse | WrongUse {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [one = null, ...more] = positionals;
  if (more.length > 0 || one?.trim() === '') return wrong(verb, {});
  if (verb === 'backup') return { verb, folder: one };
  return one === null ? wrong(verb, {}) : { verb, from: one };
}

function readDowngrade(args: string[]): HouseUse | WrongUse {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [database, version = '', ...more] = positionals;
  const isNamed = database !== undefined && more.length === 0 && /^[1-9]\d{0,3}$/.test(version);
  return isNamed ? { verb: 'downgrade', database, version: Number(version) } : wrong('downgrade', {});
}

function readBudget(args: string[]): HouseUse | WrongUse {
  const { values } = parseArgs({ args, options: { run: { type: 'string' }, day: { type: 'string' } } });
  const limits: { perRun?: number | null; perDay?: number | null } = {};
  for (const [name, given] of [
    ['perRun', values.run],
    ['perDay', values.day],
  ] as const) {
    if (given === undefined) continue;
    if (given !== 'none' && !/^\d{1,6}(\.\d{1,4})?$/.test(given)) return wrong('budget', { given });
    limits[name] = given === 'none' ? null : Number(given);
  }
  return { verb: 'budget', ...limits };
}

function readQueue(args: string[]): HouseUse | WrongUse {
  const options = { json: { type: 'boolean' }, all: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [what = 'list', copy = null, ...more] = positionals;
  const { json = false, all = false } = values;
  if (more.length > 0) return wrong('queue', {});
  if (what === 'requeue')
    return json || all === (copy !== null) ? wrong('queue', {}) : { verb: 'queue', what, copy };
  if ((what !== 'list' && what !== 'reconcile') || copy !== null || all) return wrong('queue', {});
  return { verb: 'queue', what, json };
}
