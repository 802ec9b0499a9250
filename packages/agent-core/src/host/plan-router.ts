import { implement } from '@orpc/server';
import { contract, type Kept } from '@soma/schemas/contract';
import { type Fault, fault } from '@soma/schemas/event';
import { workspaceStream } from '@soma/schemas/workspace';
import type { Loaded } from '../plan/index.ts';
import { faultAsValue, meta, refused } from './answers.ts';
import type { CallContext, HostParts } from './parts.ts';
import { type OwnFile, type Shelf, stemOf } from './shelf.ts';
import type { Workspace } from './workspace.ts';

interface PlanRouterParts {
  readonly host: HostParts;
  readonly shelf: Shelf;
  readonly workspace: Workspace;
}

/** The plan that a file of a person's own is to hold. */
type Good = Extract<Loaded, { ok: true }>['plan'];

const os = implement(contract.plan).$context<CallContext>();

/** Plans: what there is to choose from, and keeping those that a person wrote. */
export function createPlanRouter(parts: PlanRouterParts) {
  const { shelf } = parts;
  // One after another, so that two people never put a plan into the same place.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    const next = last.catch(() => undefined).then(work);
    last = next;
    return next;
  };
  return {
    check: os.check.handler(({ input }) => {
      const loaded = shelf.load(input.source);
      return loaded.ok
        ? { ok: true, plan: loaded.plan.name, faults: [] }
        : { ok: true, plan: null, faults: [...loaded.faults] };
    }),
    list: os.list.handler(async () => {
      await shelf.refresh();
      const trouble = shelf.trouble();
      return trouble === null ? { ok: true, plans: shelf.list() } : refused(trouble);
    }),
    keep: os.keep.handler(({ input, context }) =>
      inTurn(async (): Promise<Kept> => {
        const loaded = shelf.load(input.source);
        if (!loaded.ok) return { ok: false, fault: loaded.fault, faults: [...loaded.faults] };
        const kept = await faultAsValue(() => keep(parts, { ...input, plan: loaded.plan }, context));
        return kept.ok ? kept : { ...kept, faults: [kept.fault] };
      }),
    ),
    forget: os.forget.handler(({ input, context }) =>
      inTurn(() => faultAsValue(() => forget(parts, input, context))),
    ),
  };
}

async function keep(
  { host, shelf, workspace }: PlanRouterParts,
  { id, source, plan }: { readonly id: string; readonly source: string; readonly plan: Good },
  context: CallContext,
) {
  await shelf.refresh();
  const place = shelf.placeOf(plan.name);
  if (!place.ok) return place;
  const path = await host.ownPlans.keep(place.file, source);
  await shelf.refresh();
  const hash = host.hasher.sha256(source);
  const { name, version } = plan;
  const recorded = await workspace.record(meta(context, id).scope, id, {
    type: 'plan.kept',
    data: { plan: { name, version, hash } },
  });
  return recorded.ok ? { ...recorded, plan: name, hash, path } : recorded;
}

async function forget(
  { host, shelf, workspace }: PlanRouterParts,
  { id, plan }: { readonly id: string; readonly plan: string },
  context: CallContext,
) {
  await shelf.refresh();
  const found = fileOf(shelf, plan);
  if (!found.ok) return (await recordedBefore(host, { id, plan }, context)) ?? found;
  const path = await host.ownPlans.forget(found.file);
  await shelf.refresh();
  const recorded = await workspace.record(meta(context, id).scope, id, {
    type: 'plan.forgotten',
    data: { plan, path },
  });
  return recorded.ok ? { ...recorded, path } : recorded;
}

/** The answer to a command that was sent before: its file is gone because it was obeyed. */
async function recordedBefore(
  { store }: HostParts,
  { id, plan }: { readonly id: string; readonly plan: string },
  { scope }: CallContext,
) {
  const stream = workspaceStream(scope.workspace);
  for (let after = 0; ; ) {
    const { events } = await store.read({ scope, stream, after, limit: 1000 });
    const recorded = events.find((event) => event.type === 'plan.forgotten' && event.id === `${id}.0`);
    if (recorded?.type === 'plan.forgotten' && recorded.data.plan === plan)
      return { ok: true as const, stream, sequence: recorded.sequence, path: recorded.data.path };
    const last = events.at(-1);
    if (last === undefined) return null;
    after = last.sequence;
  }
}

type Place = { readonly ok: true; readonly file: string } | { readonly ok: false; readonly fault: Fault };

/** The one file that is meant by a plan's name; where it tells two apart, by a file's own. */
function fileOf(shelf: Shelf, name: string): Place {
  const called = ({ file }: OwnFile) => stemOf(file) === name;
  const named = shelf.own().filter((one) => one.plan?.name === name || (one.plan === null && called(one)));
  const [only, second] = named;
  if (only !== undefined && second === undefined) return { ok: true, file: only.file };
  const meant = shelf.own().filter(called);
  const [file, other] = meant;
  if (file !== undefined && other === undefined) return { ok: true, file: file.file };
  if (second !== undefined)
    return refused(fault('PLAN_NAME_TAKEN', { plan: name, why: 'twice', path: second.path }));
  if (shelf.plans().some(({ plan, own }) => !own && plan.name === name))
    return refused(fault('PLAN_NOT_OWN', { plan: name }));
  const known = shelf.list().flatMap((one) => (one.own ? [one.name] : []));
  return refused(fault('PLAN_UNKNOWN', { plan: name, known, why: 'own' }));
}
