import { parseArgs } from 'node:util';
import { ApproveMode, Priority } from '@soma/schemas/event';
import { type HouseUse, readHouseUse } from './house-use.ts';
import { only, type WrongUse, wrong } from './wrong-use.ts';

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
      /** Uses nothing that is remembered of earlier runs. */
      readonly fresh: boolean;
      readonly priority: Priority;
      /** Minutes after which it ends as stuck; null for no limit. */
      readonly within: number | null;
    }
  | { readonly verb: 'recall'; readonly text: string; readonly folder: string }
  /** `of` is a run's id or a folder's path. */
  | { readonly verb: 'forget'; readonly of: { readonly run: string } | { readonly folder: string } }
  | { readonly verb: 'runs'; readonly json: boolean }
  | { readonly verb: 'show' | 'stop' | 'pause'; readonly run: string }
  | { readonly verb: 'say'; readonly run: string; readonly text: string; readonly approve: ApproveMode }
  | { readonly verb: 'retry' | 'skip'; readonly run: string; readonly task: string }
  /** `given` is the arguments as JSON text. */
  | { readonly verb: 'edit'; readonly run: string; readonly task: string; readonly given: string }
  /** `at`: the sequence to branch after; null is the newest. */
  | {
      readonly verb: 'fork';
      readonly run: string;
      readonly at: number | null;
      readonly approve: ApproveMode;
      readonly paused: boolean;
    }
  | { readonly verb: 'history'; readonly run: string; readonly json: boolean }
  | { readonly verb: 'resume'; readonly run: string; readonly approve: ApproveMode | null }
  /** `paths`: only these files; null is all of them. */
  | { readonly verb: 'undo'; readonly run: string; readonly paths: readonly string[] | null }
  | HouseUse
  | { readonly verb: 'help' };

export function readUse(args: readonly string[]): Use | WrongUse {
  const [verb = 'help', ...rest] = args;
  try {
    switch (verb) {
      case 'run':
        return readRun(rest);
      case 'runs':
        return readRuns(rest);
      case 'show':
      case 'pause':
      case 'stop': {
        const run = only(parseArgs({ args: rest, allowPositionals: true }).positionals);
        return run === null ? wrong('run-missing', { verb }) : { verb, run };
      }
      case 'say':
        return readSay(rest);
      case 'resume':
        return readResume(rest);
      case 'undo':
        return readUndo(rest);
      case 'retry':
      case 'skip':
      case 'edit':
        return readTaskUse(verb, rest);
      case 'fork':
        return readFork(rest);
      case 'recall':
        return readRecall(rest);
      case 'forget':
        return readForget(rest);
      case 'history':
        return readHistory(rest);
      case 'plan':
      case 'agent':
      case 'model':
      case 'queue':
      case 'budget':
      case 'backup':
      case 'restore':
      case 'downgrade':
      case 'begin-anew':
        return readHouseUse(verb, rest);
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
      fresh: { type: 'boolean' },
      priority: { type: 'string' },
      within: { type: 'string' },
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
  const priority = Priority.safeParse(values.priority ?? 'normal');
  if (!priority.success) return wrong('priority', { given: values.priority ?? '' });
  if (values.within !== undefined && !/^[1-9]\d{0,5}$/.test(values.within))
    return wrong('within', { given: values.within });
  const within = values.within === undefined ? null : Number(values.within);
  const { folder, plan = null, json = null, fresh = false } = values;
  const how = { approve: approve.data, priority: priority.data, within, fresh };
  return { verb: 'run', goal, folder, plan, slots, json, ...how };
}

function readRuns(args: string[]): Use | WrongUse {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
  return { verb: 'runs', json: values.json ?? false };
}

function readSay(args: string[]): Use | WrongUse {
  const options = { approve: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [run, text, ...more] = positionals;
  if (run === undefined || text === undefined || text.trim() === '' || more.length > 0)
    return wrong('say', {});
  const approve = ApproveMode.safeParse(values.approve ?? 'ask');
  if (!approve.success) return wrong('approve', { given: values.approve ?? '' });
  return { verb: 'say', run, text, approve: approve.data };
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

function readTaskUse(verb: 'retry' | 'skip' | 'edit', args: string[]): Use | WrongUse {
  const options = { arguments: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [run, task, ...more] = positionals;
  if (run === undefined || task === undefined || more.length > 0) return wrong('task-missing', { verb });
  if (verb !== 'edit')
    return values.arguments === undefined ? { verb, run, task } : wrong('option', { verb });
  return values.arguments === undefined
    ? wrong('arguments-missing', {})
    : { verb, run, task, given: values.arguments };
}

function readFork(args: string[]): Use | WrongUse {
  const options = {
    at: { type: 'string' },
    approve: { type: 'string' },
    paused: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const run = only(positionals);
  if (run === null) return wrong('run-missing', { verb: 'fork' });
  if (values.at !== undefined && !/^[1-9]\d{0,8}$/.test(values.at)) return wrong('at', { given: values.at });
  const approve = ApproveMode.safeParse(values.approve ?? 'ask');
  if (!approve.success) return wrong('approve', { given: values.approve ?? '' });
  const at = values.at === undefined ? null : Number(values.at);
  return { verb: 'fork', run, at, approve: approve.data, paused: values.paused ?? false };
}

function readRecall(args: string[]): Use | WrongUse {
  const options = { folder: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const text = only(positionals);
  if (text === null || text.trim() === '') return wrong('text-missing', {});
  return values.folder === undefined
    ? wrong('folder-missing', {})
    : { verb: 'recall', text, folder: values.folder };
}

function readForget(args: string[]): Use | WrongUse {
  const options = { run: { type: 'string' }, folder: { type: 'string' } } as const;
  const { run, folder } = parseArgs({ args, options }).values;
  if (run !== undefined && folder === undefined) return { verb: 'forget', of: { run } };
  return folder !== undefined && run === undefined ? { verb: 'forget', of: { folder } } : wrong('forget', {});
}

function readHistory(args: string[]): Use | WrongUse {
  const options = { json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const run = only(positionals);
  return run === null
    ? wrong('run-missing', { verb: 'history' })
    : { verb: 'history', run, json: values.json ?? false };
}
