import { parseArgs } from 'node:util';
import { ApproveMode } from '@soma/schemas/event';

/** What a person typed, understood. */
export type Use =
  | {
      readonly verb: 'run';
      readonly goal: string;
      readonly folder: string;
      readonly plan: string | null;
      readonly slots: Readonly<Record<string, string>>;
      readonly approve: ApproveMode;
      readonly json: string | null;
    }
  | { readonly verb: 'runs'; readonly json: boolean }
  | { readonly verb: 'show' | 'stop'; readonly run: string }
  | { readonly verb: 'resume'; readonly run: string; readonly approve: ApproveMode | null }
  /** `paths`: only these files; null is all of them. */
  | { readonly verb: 'undo'; readonly run: string; readonly paths: readonly string[] | null }
  | { readonly verb: 'plan'; readonly file: string }
  | { readonly verb: 'begin-anew' }
  | { readonly verb: 'help' };

/** What is wrong with it, as a key of the catalogue (`terminal.wrong.KEY`) and its values. */
export interface WrongUse {
  readonly verb: 'wrong';
  readonly key: string;
  readonly data: Readonly<Record<string, string>>;
}

export function readUse(args: readonly string[]): Use | WrongUse {
  const [verb = 'help', ...rest] = args;
  try {
    switch (verb) {
      case 'run':
        return readRun(rest);
      case 'runs':
        return readRuns(rest);
      case 'show':
      case 'stop': {
        const run = only(parseArgs({ args: rest, allowPositionals: true }).positionals);
        return run === null ? wrong('run-missing', { verb }) : { verb, run };
      }
      case 'resume':
        return readResume(rest);
      case 'undo':
        return readUndo(rest);
      case 'plan':
        return readPlan(rest);
      case 'begin-anew':
        parseArgs({ args: rest });
        return { verb };
      case 'help':
      case '--help':
      case '-h':
        return { verb: 'help' };
      default:
        return wrong('verb', { verb });
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return wrong('option', { verb });
  }
}

function readRun(args: string[]): Use | WrongUse {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      folder: { type: 'string' },
      plan: { type: 'string' },
      set: { type: 'string', multiple: true },
      approve: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const goal = only(positionals);
  if (goal === null) return wrong('goal-missing', {});
  if (values.folder === undefined) return wrong('folder-missing', {});
  const approve = ApproveMode.safeParse(values.approve ?? 'ask');
  if (!approve.success) return wrong('approve', { given: values.approve ?? '' });
  const slots: Record<string, string> = {};
  for (const pair of values.set ?? []) {
    const cut = pair.indexOf('=');
    if (cut < 1) return wrong('set', { given: pair });
    slots[pair.slice(0, cut)] = pair.slice(cut + 1);
  }
  const { folder, plan = null, json = null } = values;
  return { verb: 'run', goal, folder, plan, slots, approve: approve.data, json };
}

function readRuns(args: string[]): Use | WrongUse {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
  return { verb: 'runs', json: values.json ?? false };
}

function readResume(args: string[]): Use | WrongUse {
  const options = { approve: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const run = only(positionals);
  if (run === null) return wrong('run-missing', { verb: 'resume' });
  if (values.approve === undefined) return { verb: 'resume', run, approve: null };
  const approve = ApproveMode.safeParse(values.approve);
  return approve.success
    ? { verb: 'resume', run, approve: approve.data }
    : wrong('approve', { given: values.approve });
}

function readUndo(args: string[]): Use | WrongUse {
  const options = { file: { type: 'string', multiple: true } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const run = only(positionals);
  return run === null
    ? wrong('run-missing', { verb: 'undo' })
    : { verb: 'undo', run, paths: values.file ?? null };
}

function readPlan(args: string[]): Use | WrongUse {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  const [what, ...files] = positionals;
  const file = only(files);
  return what !== 'check' || file === null ? wrong('plan', {}) : { verb: 'plan', file };
}

function only(positionals: readonly string[]): string | null {
  return positionals.length === 1 ? (positionals[0] ?? null) : null;
}

function wrong(key: string, data: Readonly<Record<string, string>>): WrongUse {
  return { verb: 'wrong', key, data };
}
