import {
  type Artifact,
  ArtifactChart,
  ArtifactGraph,
  ArtifactOffer,
  Claim,
  Execution,
  FaultError,
  fault,
  type Json,
  OFFER_LIMIT,
  type Slots,
} from '@soma/schemas/event';
import { AskedTask, type ClaimTemplate, type TaskTemplate } from '@soma/schemas/plan';
import { z } from 'zod';
import { type Evaluated, evaluate } from './expression.ts';

/** What a plan's expressions may look at. */
export interface PlanContext {
  /** The goal as it was typed. */
  readonly goal: string;
  readonly slots: Slots;
  /** Results of the tasks before, by id. */
  readonly tasks: Readonly<Record<string, Json>>;
  /** The task's own result; null before Execute. */
  readonly result: Json;
}

/** Most claims one task may make. */
const CLAIM_LIMIT = 500;

const Lines = z
  .array(z.object({ text: z.string().max(4096), detail: z.string().max(4096).nullable().default(null) }))
  .max(2000);

/** The form an author owes; how long and how plain the texts are is up to what was read. */
const Offers = z.array(
  z.strictObject({
    title: z.string(),
    goal: z.string(),
    plan: z.string(),
    slots: z.record(z.string(), z.string()).default({}),
  }),
);

/** Whether this run asks for the task at all. */
export function isNeeded(task: TaskTemplate, context: PlanContext): Promise<Evaluated<boolean>> {
  const { when } = task;
  if (when === undefined) return Promise.resolve({ ok: true, value: true });
  return attempted(async () => (await resultOf(when, scopeOf(context))) === true);
}

/** Whether its result is enough; so it is where the plan does not say when. */
export function isEnough(task: TaskTemplate, context: PlanContext): Promise<Evaluated<boolean>> {
  const { enough } = task;
  if (enough === undefined) return Promise.resolve({ ok: true, value: true });
  return attempted(async () => (await resultOf(enough, scopeOf(context))) === true);
}

/** The tasks that its result asks for; none where the plan gives it no say in that. */
export function buildNext(
  task: TaskTemplate,
  context: PlanContext,
): Promise<Evaluated<readonly AskedTask[]>> {
  const { next } = task;
  if (next === undefined) return Promise.resolve({ ok: true, value: [] });
  return attempted(async () =>
    z.array(AskedTask).parse(listOf(await resultOf(next.tasks, scopeOf(context)))),
  );
}

/** The call's arguments: every string that starts with `=` is an expression, everything else is itself. */
export function evaluateArguments(task: TaskTemplate, context: PlanContext): Promise<Evaluated<Json>> {
  return attempted(() => filled(task.arguments, scopeOf(context)));
}

/** The claims of a task's templates over its result, in the templates' order; ids are unique within the task. */
export function buildClaims(task: TaskTemplate, context: PlanContext): Promise<Evaluated<readonly Claim[]>> {
  return attempted(async () => {
    const claims: Claim[] = [];
    for (const template of task.claims) {
      const items = listOf(await resultOf(template.each, scopeOf(context)));
      for (const [index, item] of items.entries()) {
        claims.push(await claimOf(`${template.id}-${index}`, template, { ...scopeOf(context), item, index }));
      }
    }
    return claims.slice(0, CLAIM_LIMIT);
  });
}

/** What the task's card shows besides its claims; null when the task publishes nothing. */
export function buildArtifact(
  task: TaskTemplate,
  context: PlanContext,
): Promise<
  Evaluated<Pick<Artifact, 'title' | 'icon' | 'lines' | 'graph' | 'chart' | 'offers' | 'prose'> | null>
> {
  return attempted(async () => {
    const { artifact } = task;
    if (artifact === undefined) return null;
    const scope = scopeOf(context);
    const lines =
      artifact.lines === undefined ? [] : Lines.parse(listOf(await resultOf(artifact.lines, scope)));
    const graph =
      artifact.graph === undefined
        ? null
        : ArtifactGraph.nullable().parse(await resultOf(artifact.graph, scope));
    const chart =
      artifact.chart === undefined
        ? null
        : ArtifactChart.nullable().parse(await resultOf(artifact.chart, scope));
    const offers = artifact.offers === undefined ? [] : plainOffers(await resultOf(artifact.offers, scope));
    const { title, icon, prose } = artifact;
    return { title, icon, lines, graph, chart, offers, ...(prose && { prose }) };
  });
}

/** Those that may be shown: words out of a folder that are too long or not plain are no reason to hold back the card. */
function plainOffers(made: Json): ArtifactOffer[] {
  return Offers.parse(listOf(made))
    .flatMap((offer) => ArtifactOffer.safeParse(offer).data ?? [])
    .slice(0, OFFER_LIMIT);
}

type Scope = Record<string, Json>;

function scopeOf({ goal, slots, tasks, result }: PlanContext): Scope {
  return { goal, slots, tasks: { ...tasks }, result };
}

async function claimOf(id: string, template: ClaimTemplate, scope: Scope): Promise<Claim> {
  const { kind, text, path, line, quote, recount, execution } = template;
  const citation = {
    path: await resultOf(path, scope),
    line: await resultOf(line, scope),
    quote: await resultOf(quote, scope),
  };
  const stated = { id, kind, text: await resultOf(text, scope), citation };
  if (execution !== undefined) {
    return Claim.parse({ ...stated, ...Execution.parse(await resultOf(execution, scope)) });
  }
  if (recount === undefined) return Claim.parse(stated);
  const counted: Scope = { of: recount.of, value: await resultOf(recount.value, scope) };
  for (const name of ['subject', 'needle', 'column', 'measure', 'from', 'to'] as const) {
    const expression = recount[name];
    if (expression !== undefined) counted[name] = await resultOf(expression, scope);
  }
  if (recount.at !== undefined) counted.at = [...listOf(await resultOf(recount.at, scope))];
  return Claim.parse({ ...stated, recount: counted });
}

async function filled(value: Json, scope: Scope): Promise<Json> {
  if (typeof value === 'string') return value.startsWith('=') ? resultOf(value.slice(1), scope) : value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => filled(item, scope)));
  if (value === null || typeof value !== 'object') return value;
  const members = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await filled(item, scope)] as const),
  );
  return Object.fromEntries(members);
}

async function resultOf(expression: string, scope: Json): Promise<Json> {
  const evaluated = await evaluate(expression, scope);
  if (!evaluated.ok) throw new FaultError(evaluated.fault.code, evaluated.fault.data);
  return evaluated.value;
}

/** JSONata gives one thing as itself, several as a list, none as nothing. */
function listOf(value: Json): readonly Json[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

async function attempted<Value>(work: () => Promise<Value>): Promise<Evaluated<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    if (!(error instanceof z.ZodError)) throw error;
    const where = error.issues[0]?.path.join('.') ?? '';
    return { ok: false, fault: fault('PLAN_EXPRESSION_FAILED', { expression: where, cause: 'shape' }) };
  }
}
