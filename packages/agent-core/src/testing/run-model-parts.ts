import { type Claim, FaultError, fault, type Json, type Retry } from '@soma/schemas/event';
import { PackagedPlan } from '@soma/schemas/plan';
import { z } from 'zod';
import { systemHasher } from '../adapter/system/index.ts';
import type { EngineParts } from '../engine/index.ts';
import type { ToolResult } from '../port/index.ts';
import type { Random } from './random.ts';

// What the tools, plans and claims of the seeded model are like.

/** How a call ends: before or after its effect. */
export const OUTCOMES = [
  ...['done', 'done', 'done', 'done', 'done', 'lies', 'huge'],
  ...['refuses', 'refuses-now', 'refuses-at', 'throws-before', 'throws-after', 'faults-after'],
  ...['silent-before', 'silent-after'],
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const risks = { read: 'read', put: 'write', send: 'execute', make: 'write' } as const;
export const kinds = { read: 'idempotent', put: 'idempotent', send: 'neither', make: 'checkable' } as const;
export type ToolName = keyof typeof kinds;
/** The tool that takes back what others did. */
export const TAKE_BACK = 'take_back';
export const NAMES: readonly ToolName[] = ['read', 'put', 'send', 'make'];
export const HASH = 'a'.repeat(64);
const Result = z.object({ lines: z.array(z.object({ line: z.number(), quote: z.string() })) });

export interface Answering {
  readonly act: () => void;
  readonly resolve: (result: ToolResult) => void;
  readonly reject: (error: Error) => void;
  readonly random: Random;
  readonly now: string;
}

/** Ends a call as `outcome` says. */
export function answer(outcome: Outcome, { act, resolve, reject, random, now }: Answering): void {
  const refuse = (retry: Retry) => resolve({ ok: false, fault: fault('TOOL_FAILED', { tool: 't' }, retry) });
  const finish = (output: Json) => {
    act();
    resolve({ ok: true, output, note: { code: 'done-for-test', data: {} } });
  };
  const line = random.below(50);
  switch (outcome) {
    case 'done':
      finish({ lines: [{ line: line + 1, quote: truth(line + 1) }] });
      break;
    case 'lies':
      finish({ lines: [{ line: line + 1, quote: 'a lie' }] });
      break;
    case 'huge':
      finish({ lines: [], rest: 'x'.repeat(random.below(20_000)) });
      break;
    case 'refuses':
      refuse({ when: 'never' });
      break;
    case 'refuses-now':
      refuse({ when: 'now' });
      break;
    case 'refuses-at':
      refuse({ when: 'at', at: new Date(Date.parse(now) + random.below(60_000)).toISOString() });
      break;
    case 'throws-before':
      reject(new RangeError('before'));
      break;
    case 'throws-after':
      act();
      reject(new RangeError('after'));
      break;
    case 'faults-after':
      act();
      reject(new FaultError('HOST_UNREACHABLE', {}, { when: 'now' }));
      break;
    case 'silent-before':
      break;
    case 'silent-after':
      act();
      break;
    default:
      outcome satisfies never;
  }
}

/** What line `n` says. */
function truth(line: number): string {
  return `line ${line}`;
}

export const verifier: EngineParts['verifier'] = {
  verify: async (claims) =>
    claims.map((claim) =>
      claim.citation.quote === truth(claim.citation.line)
        ? { claim, verdict: { checked: true, fileHash: HASH } }
        : { claim, verdict: { checked: false, why: 'line-differs', found: null } },
    ),
};

const claims = [{ id: 'line', kind: 'quoted', each: '[1]', text: 't', path: 'p', line: 'l', quote: 'q' }];

/** Ids of tasks in such a plan, at most. */
export const MOST_TASKS = 4;

/** One to four tasks that need each other at will; where there are `others`, some have another way, which may have another one itself. */
function aModelPlan(random: Random, others: Random | null): PackagedPlan {
  const count = 1 + random.below(MOST_TASKS);
  const tasks = Array.from({ length: count }, (_, n) => ({
    ...{ id: `t${n}`, title: `T${n}`, tool: NAMES[random.below(NAMES.length)], arguments: { n } },
    after: Array.from({ length: n }, (_unused, m) => `t${m}`).filter(() => random.below(2) === 0),
    ...(random.below(4) === 0 ? {} : { claims, checks: ['quoted'] }),
    ...(random.below(3) === 0 ? { artifact: { title: 'Card', icon: 'file' } } : {}),
    refusable: random.below(5) === 0,
  }));
  const all = others === null ? tasks : tasks.flatMap((task) => withOthers(task, others));
  return PackagedPlan.parse({
    ...{ schema: 'packaged-plan.v1', name: 'by-chance', version: '1.0.0', title: 'By chance' },
    ...{ description: 'What the seed says.', examples: ['by chance'], rights: ['read', 'board'], tasks: all },
  });
}

interface Drawn {
  readonly id: string;
  readonly tool: string | undefined;
  readonly after: readonly string[];
}

/** A task and, by chance, what comes in its place: as many checks or fewer, by another tool or the same. */
function withOthers<Task extends Drawn>(task: Task, others: Random): readonly object[] {
  if (others.below(2) === 0) return [task];
  const other = {
    ...{ id: `o-${task.id}`, title: `In place of ${task.id}`, tool: NAMES[others.below(NAMES.length)] },
    ...{ after: task.after, arguments: { of: task.id } },
    ...(others.below(3) === 0 ? {} : { claims, checks: ['quoted'] }),
  };
  const enough = task.tool === 'read' && others.below(2) === 0 ? { enough: 'by-chance' } : {};
  const first = { ...task, otherwise: [other.id], ...enough };
  if (others.below(3) > 0) return [first, other];
  const last = {
    ...other,
    id: `p-${task.id}`,
    title: `In place of ${other.id}`,
    arguments: { of: other.id },
  };
  return [first, { ...other, otherwise: [last.id] }, last];
}

export function plannerOf(random: Random, others: Random | null): EngineParts['planner'] {
  const read = (source: string) => {
    const plan = PackagedPlan.parse(JSON.parse(source));
    return { ok: true as const, plan, source, hash: systemHasher.sha256(source) };
  };
  return {
    choose: async () => read(JSON.stringify(aModelPlan(random, others))),
    read: async (source) => read(source),
    needed: async () => ({ ok: true, value: true }),
    enough: async ({ enough }) => ({ ok: true, value: enough === undefined || others?.below(2) !== 0 }),
    arguments: async (template) => ({ ok: true, value: template.arguments }),
    next: async () => ({ ok: true, value: [] }),
    extend: async (plan, tasks) => read(JSON.stringify({ ...plan, tasks: [...plan.tasks, ...tasks] })),
    claims: async (_template, { result }) => ({ ok: true, value: Result.parse(result).lines.map(claimOf) }),
    artifact: async ({ artifact }) => ({
      ok: true,
      value: artifact === undefined ? null : bare(artifact),
    }),
  };
}

function claimOf({ line, quote }: { line: number; quote: string }): Claim {
  return {
    id: `line-${line}`,
    kind: 'quoted',
    text: `Line ${line}`,
    citation: { path: 'a.txt', line, quote },
  };
}

function bare({ title, icon }: { title: string; icon: string }) {
  return { title, icon, lines: [], graph: null, chart: null, offers: [] };
}
