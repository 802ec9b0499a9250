import { isAbsolute, join, relative, sep } from 'node:path';
import { EndState, FaultError, fault, type Json, Slots } from '@soma/schemas/event';
import { z } from 'zod';
import type {
  Delegate,
  DelegatedEnd,
  DelegateWatch,
  DelegatingCall,
  Tool,
  ToolContext,
  ToolDescription,
  ToolResult,
} from '../../port/index.ts';
import { resolveFolder } from '../tool-folder/index.ts';

const NAME = 'delegate_goal';
/** A run may wait for a person; after so many milliseconds it is looked up once more, and waited for on. */
const LOOK_AGAIN_MS = 7 * 24 * 3600 * 1000;
/** Claims that come up; of more it is said how many were left out. */
const MOST_CLAIMS = 500;

const Input = z
  .strictObject({
    /** What to do, in words: with `plan` its goal, without one what chooses the plan. */
    goal: z.string().trim().min(1).max(10_000).optional(),
    plan: z.string().min(1).max(200).optional(),
    slots: Slots.default({}),
    /** Relative to the folder of the run that waits. */
    folder: z.string().min(1).max(4096).default('.'),
  })
  .refine(({ goal, plan }) => goal !== undefined || plan !== undefined, { path: ['goal'] });

const Tokens = z.union([z.object({ in: z.number(), out: z.number() }), z.literal('unknown')]);
const Cost = z.union([z.object({ amount: z.number(), currency: z.string() }), z.literal('unknown')]);

const Output = z.object({
  run: z.string(),
  state: EndState,
  plan: z.string().nullable(),
  /** Relative to the folder of the run that waited, with `/`; a dot for the same one. */
  folder: z.string(),
  /** What that run's own Verify found; `path` is relative to the folder of the run that waited, so that it can be quoted from there. */
  claims: z.array(
    z.object({
      task: z.string(),
      id: z.string(),
      kind: z.enum(['quoted', 'recounted', 'executed']),
      text: z.string(),
      path: z.string(),
      line: z.number().int(),
      quote: z.string(),
      checked: z.boolean(),
    }),
  ),
  claimsLeftOut: z.number().int(),
  changes: z.object({ files: z.number().int(), added: z.number().int(), removed: z.number().int() }),
  usage: z.object({ calls: z.number().int(), tookMs: z.number(), tokens: Tokens, cost: Cost }),
});

/**
 * Starts a run, at most once a key, and waits for its end. What the run does is decided call by call as it goes, within the rights of the
 * plan that started it. A run that ended `stopped`, `stuck` or `failed` is no result: DELEGATE_ENDED.
 */
export function delegateGoal(delegate: Delegate): Tool {
  const described: ToolDescription = {
    name: NAME,
    description:
      'Starts another run on the folder or a folder inside it, waits for its end, and answers how it ended, what it claims with file and line, and what it used.',
    risk: 'board',
    idempotency: 'checkable',
    delegates: true,
    timeoutMs: LOOK_AGAIN_MS,
    outputLimitBytes: 16 * 1024 * 1024,
    inputSchema: z.json().parse(z.toJSONSchema(Input, { io: 'input' })),
    outputSchema: z.json().parse(z.toJSONSchema(Output)),
  };
  return {
    describe: () => described,
    call: (given, context) => call(delegate, given, context),
    probe: async (_key, context) => {
      const ended = await delegate.watch(watchOf(context));
      return ended === null
        ? 'not-happened'
        : { name: 'happened', result: await resultOf(ended, context.folder) };
    },
    abandon: (context) => delegate.cancel(callOf(context)),
  };
}

async function call(delegate: Delegate, given: Json, context: ToolContext): Promise<ToolResult> {
  const parsed = Input.safeParse(given);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    return { ok: false, fault: fault('TOOL_INPUT_INVALID', { tool: NAME, path }) };
  }
  const { goal = null, plan = null, slots, folder: inside } = parsed.data;
  const folder = await folderInside(await resolveFolder(context.folder), inside);
  if (typeof folder !== 'string') return { ok: false, fault: folder.fault };
  context.signal.throwIfAborted();
  const started = await delegate.start({ ...callOf(context), goal, plan, slots, folder });
  if (!started.ok) return started;
  const ended = await delegate.watch(watchOf(context));
  if (ended === null) return { ok: false, fault: fault('TOOL_FAILED', { tool: NAME }) };
  return resultOf(ended, context.folder);
}

function callOf({ scope, run, call: id, key }: ToolContext): DelegatingCall {
  return { scope, run, call: id, key };
}

function watchOf(context: ToolContext): DelegateWatch {
  const { signal, progress } = context;
  const onNews: DelegateWatch['onNews'] = ({ run, phase, done, total }) =>
    progress({
      note: { code: 'delegate-goes-on', data: { run, phase } },
      done,
      total: total === 0 ? null : total,
    });
  return { ...callOf(context), signal, onNews };
}

/** The folder as it really lies. That one inside it is missing is for the plan to mend, and no matter of the run's own folder. */
async function folderInside(root: string, path: string): Promise<string | FaultError> {
  if (isAbsolute(path) || path.includes('\0')) return new FaultError('PATH_OUTSIDE', { path });
  try {
    const real = await resolveFolder(join(root, path));
    return isInside(relative(root, real)) ? real : new FaultError('PATH_OUTSIDE', { path });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    switch (error.fault.code) {
      case 'FOLDER_GONE':
        return new FaultError('FILE_GONE', { path });
      case 'FOLDER_UNREADABLE':
        return new FaultError('FILE_UNREADABLE', { ...error.fault.data, path });
      default:
        return error;
    }
  }
}

function isInside(way: string): boolean {
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function resultOf(end: DelegatedEnd, waiting: string): Promise<ToolResult> {
  const { run, state, plan, claims, changes, usage } = end;
  if (state !== 'verified' && state !== 'unverified') {
    const cause = end.fault?.code ?? null;
    return { ok: false, fault: fault('DELEGATE_ENDED', { run, plan, why: state, cause }) };
  }
  const way = relative(await resolveFolder(waiting), end.folder)
    .split(sep)
    .join('/');
  const told = claims.slice(0, MOST_CLAIMS).map(({ task, claim, verdict }) => {
    const { id, kind, text, citation } = claim;
    const path = way === '' || kind === 'executed' ? citation.path : `${way}/${citation.path}`;
    return { task, id, kind, text, ...citation, path, checked: verdict.checked };
  });
  const output: z.infer<typeof Output> = {
    ...{ run, state, plan, folder: way === '' ? '.' : way },
    ...{ claims: told, claimsLeftOut: claims.length - told.length, changes, usage },
  };
  return { ok: true, output, note: { code: 'delegated', data: { plan, state, count: claims.length } } };
}
