import { z } from 'zod';
import type { ChangeSet } from '../event/change.ts';
import { Sha256 } from '../event/content.ts';
import { EndState } from '../event/run.ts';
import { mergeChanges } from './changes.ts';
import type { RunState } from './state.ts';

const Unknown = z.literal('unknown');

/** What `--json FILE` holds at every end of a run: `schemas/json/run-report.v1.json`. */
export const RunReport = z.object({
  schema: z.literal('run-report.v1'),
  run: z.string(),
  goal: z.string(),
  plan: z.object({ id: z.string(), hash: Sha256 }).nullable(),
  state: EndState,
  claims: z.array(
    z.object({
      kind: z.enum(['quoted', 'recounted', 'executed']),
      text: z.string(),
      path: z.string(),
      line: z.number().int().min(1),
      quote: z.string(),
      checked: z.boolean(),
    }),
  ),
  changes: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(['created', 'changed', 'deleted']),
      before: Sha256.nullable(),
      after: Sha256.nullable(),
    }),
  ),
  tokens: z.union([z.object({ in: z.number().int().min(0), out: z.number().int().min(0) }), Unknown]),
  cost: z.union([z.object({ amount: z.number().min(0), currency: z.string() }), Unknown]),
  times: z.object({ started: z.iso.datetime(), ended: z.iso.datetime() }),
});
export type RunReport = z.infer<typeof RunReport>;

/** The texts of a run, which its state may hold only by hash. */
export interface RunTexts {
  readonly goal: string;
  /** The change sets of `state.changes`, in their order. */
  readonly changes: readonly ChangeSet[];
}

/**
 * The report of an ended run; null while it goes on. No call of this build goes to a model, so tokens and cost are zero because
 * none were used.
 */
export function reportOf(state: RunState, { goal, changes }: RunTexts): RunReport | null {
  if (state.status.name !== 'ended') return null;
  const claims = state.tasks.flatMap((task) =>
    task.evidence.map(({ claim, verdict }) => ({
      kind: claim.kind,
      text: claim.text,
      ...claim.citation,
      checked: verdict.checked,
    })),
  );
  return {
    schema: 'run-report.v1',
    run: state.id,
    goal,
    plan: state.plan === null ? null : { id: state.plan.ref.name, hash: state.plan.ref.hash },
    state: state.status.state,
    claims,
    changes: mergeChanges(changes).map(({ path, kind, before, after }) => ({
      path,
      kind,
      before: before?.hash ?? null,
      after: after?.hash ?? null,
    })),
    tokens: { in: 0, out: 0 },
    cost: { amount: 0, currency: 'USD' },
    times: { started: state.submittedAt, ended: state.status.at },
  };
}
