import { type Content, Content as ContentShape, type Note, type RunEvent } from '@soma/schemas/event';
import type { RunState, TaskState } from '@soma/schemas/run';
import { z } from 'zod';
import { askPolicy } from '../policy/index.ts';
import type { MemoryEntry } from '../port/index.ts';
import type { RunMemo } from './memo.ts';
import type { EngineParts } from './parts.ts';
import { engineScope } from './writer.ts';

/** What Recall leaves for the states after it. */
export const Recalled = z.object({
  memory: z.string(),
  /** The run it stems from, and when it was remembered. */
  run: z.string(),
  at: z.string(),
  /** Nothing the tool could read has changed since: the result is what the call would give. */
  same: z.boolean(),
  result: ContentShape,
  tookMs: z.number(),
  /** Reread now: those that hold still, and the files of those that do not. */
  holds: z.number().int(),
  changed: z.array(z.string()),
});
export type Recalled = z.infer<typeof Recalled>;

/** A task about to look back, or to be remembered. `arguments` is what its Plan came to. */
export interface Recalling {
  readonly parts: EngineParts;
  readonly state: RunState;
  readonly task: TaskState;
  readonly arguments: Content;
  readonly memo: RunMemo;
  readonly signal: AbortSignal;
}

type Nothing = { readonly name: 'nothing'; readonly why: Note };

/** What the same task came to before, on this folder. Only what reads is looked for: whatever has an effect has it anew. */
export async function recall(recalling: Recalling): Promise<Nothing | { name: 'found'; recalled: Recalled }> {
  const { parts, state, task, signal } = recalling;
  if (!reads(recalling)) return { name: 'nothing', why: { code: 'has-an-effect', data: {} } };
  const now = await recalling.memo.look(state, task.id, signal);
  if (state.fresh) return { name: 'nothing', why: { code: 'fresh-wanted', data: {} } };
  // What was recalled did not hold, or the call failed: this time it is made.
  if (task.attempt > 1) return { name: 'nothing', why: { code: 'recalled-before', data: {} } };
  const entry = await newest(recalling);
  if (entry === null) return { name: 'nothing', why: { code: 'nothing-remembered', data: {} } };
  const folder = parts.folderOf(state);
  const checked = await parts.verifier.verify(
    entry.claims.map(({ claim }) => claim),
    { folder, run: state.id, signal },
  );
  const kept = (await parts.content.get(state.scope, entry.result)) !== null;
  const changed = checked.filter(({ verdict }) => !verdict.checked).map(({ claim }) => claim.citation.path);
  const recalled: Recalled = {
    ...{ memory: entry.id, run: entry.run, at: entry.at, result: entry.result, tookMs: entry.tookMs },
    same: kept && changed.length === 0 && now !== null && entry.fingerprint === now,
    holds: checked.length - changed.length,
    changed: [...new Set(changed)],
  };
  return { name: 'found', recalled };
}

/**
 * Keeps what a reading task came to, if the policy lets it. Answers the fact to commit with the end of the task; null when nothing was
 * kept. Repeated after a crash it keeps nothing twice.
 */
export async function remember(recalling: Recalling): Promise<RunEvent | null> {
  const { parts, state, task, memo } = recalling;
  const executed = Object.values(state.calls).find(
    ({ task: of, attempt, tool }) => of === task.id && attempt === task.attempt && tool === task.tool,
  );
  if (!reads(recalling) || executed?.outcome.name !== 'completed') return null;
  const id = `${state.id}.${task.id}.${task.attempt}`;
  const scope = engineScope(state);
  const folder = parts.folderOf(state);
  const action = { run: state.id, kind: 'memory-write', name: task.tool, tool: null, model: null } as const;
  const { verdict, rule, policyHash } = await askPolicy(
    {
      ...action,
      ...{ scope, folder, canvas: state.canvas, arguments: { memory: id, claims: task.evidence.length } },
    },
    parts,
  );
  if (verdict !== 'allow') return null;
  await parts.memory.remember(scope, {
    ...{ id, run: state.id, task: task.id, folder, plan: planOf(state), tool: toolOf(recalling) },
    fingerprint: memo.seen(task.id),
    argumentsHash: recalling.arguments.hash,
    result: executed.outcome.result,
    tookMs: executed.outcome.tookMs,
    claims: task.evidence,
    at: parts.clock.now(),
  });
  const claims = task.evidence.length;
  return {
    type: 'memory.remembered',
    data: { task: task.id, attempt: task.attempt, memory: id, claims, rule, policyHash },
  };
}

async function newest(recalling: Recalling): Promise<MemoryEntry | null> {
  const { parts, state, task } = recalling;
  const [entry] = await parts.memory.recall({
    scope: engineScope(state),
    folder: parts.folderOf(state),
    by: {
      ...{ name: 'task', plan: planOf(state), task: task.id, tool: toolOf(recalling) },
      argumentsHash: recalling.arguments.hash,
    },
    limit: 1,
  });
  return entry ?? null;
}

function reads({ parts, task }: Recalling): boolean {
  return parts.tools.get(task.tool)?.describe().risk === 'read';
}

/** A tool of another build of the product is another tool. */
function toolOf({ parts, task }: Recalling): string {
  return `${task.tool}@${parts.version}`;
}

function planOf(state: RunState): string {
  if (state.plan === null) throw new Error('the run has no plan yet');
  return state.plan.ref.hash;
}
