import {
  type Content,
  type Fault,
  FaultError,
  fault,
  type Json,
  type Scope,
  type TurnSpent,
} from '@soma/schemas/event';
import { type TurnAnswer, TurnKind, type TurnUsage, UNKNOWN_USAGE } from '@soma/schemas/turn';
import { z } from 'zod';
import { dollarsOf, type MostTokens, mostDollars, sumUsage } from '../domain/cost.ts';
import type {
  ChatModel,
  ChatModels,
  Clock,
  Tool,
  ToolContext,
  ToolDescription,
  ToolResult,
} from '../port/index.ts';
import { type Assembled, askAgain, assembleTurn, type Said } from './context.ts';
import { type Offer, offerOf } from './offer.ts';
import { type Repair, readAnswer } from './read-answer.ts';

const NAME = 'ask_model';
/** How often a model is asked in one call before it is given up: once, and again for each answer that cannot be used. */
const MOST_REQUESTS = 3;
const MINUTE_MS = 60_000;

const Guides = z.looseObject({
  guides: z.array(z.looseObject({ path: z.string(), text: z.string() })),
  skills: z.array(z.looseObject({ path: z.string(), name: z.string(), description: z.string() })),
});

const Input = z.strictObject({
  kind: TurnKind,
  goal: z.string().trim().min(1).max(100_000),
  /** What the folder tells agents, as `read_guides` gives it; null where it was not read. */
  guides: Guides.nullable().default(null),
  /** Results of tasks before, by id. */
  results: z.record(z.string(), z.json()).default({}),
  /**
   * What a person said: a message to the run that this is a part of, or the goal itself, said to another run that has ended. What was found
   * there and said before belongs to the context. Null where nothing is replied to.
   */
  about: z
    .union([z.strictObject({ message: z.string().min(1) }), z.strictObject({ run: z.string().min(1) })])
    .nullable()
    .default(null),
});
export type About = NonNullable<z.infer<typeof Input>['about']>;

/** What a run was to do, what its tasks found, and what was said to it before. */
export interface Remembered {
  readonly goal: string;
  readonly results: Readonly<Record<string, Json>>;
  readonly before: Said['before'];
  /** What is said now; null where that is the goal of the call's own run. */
  readonly message: string | null;
}

const Output = z.looseObject({
  kind: TurnKind,
  /** The model whose words these are, as its endpoint calls it. */
  model: z.string(),
  /** What was mended of its answer. */
  repairs: z.array(z.string()),
  /** Why answers before this one could not be used. */
  rejected: z.array(z.string()),
});

export interface AskModelParts {
  readonly models: ChatModels;
  readonly clock: Clock;
  /** The tools that an answer may name. */
  readonly tools: () => readonly ToolDescription[];
  /** Reads what belongs to a reply; throws RUN_UNKNOWN. */
  readonly remember: (about: About, context: ToolContext) => Promise<Remembered>;
  /** The text of what a run recorded; null where it is gone. */
  readonly text: (scope: Scope, content: Content) => Promise<string | null>;
}

/**
 * Asks a model one turn: a plan, an answer from results, or a summary. The context is what the call's preview shows, and nothing else is sent.
 * An answer that is nearly right is mended; one that cannot be used is asked for again, quoting what is wrong. The answer's words are the
 * model's: nothing of them is believed before it is checked.
 */
export function createAskModel(parts: AskModelParts): Tool {
  const described: ToolDescription = {
    name: NAME,
    description: 'Asks a model for a plan, an answer from results of tasks, or a summary.',
    risk: 'model',
    asks: true,
    idempotency: 'idempotent',
    timeoutMs: MOST_REQUESTS * 16 * MINUTE_MS,
    outputLimitBytes: 4 * 1024 * 1024,
    inputSchema: z.json().parse(z.toJSONSchema(Input, { io: 'input' })),
    outputSchema: z.json().parse(z.toJSONSchema(Output)),
  };
  return {
    describe: () => described,
    preview: async (given, context) => {
      const input = Input.safeParse(given);
      if (!input.success) return { ok: false, fault: invalid(input.error) };
      const model = modelOf(parts, context);
      const offer = offerIn(parts, input.data.kind, context);
      const { contextTokens } = model;
      const most = [model.outputTokens, context.agent?.limits.outputTokens ?? null].filter(
        (one) => one !== null,
      );
      const outputTokens = most.length === 0 ? null : Math.min(...most);
      const told = { offer, words: await wordsOf(parts, context) };
      const material = await materialOf(parts, input.data, context);
      const made = assembleTurn({ id: context.call, ...material, ...told, contextTokens, outputTokens });
      if (!made.ok) return made;
      const { id, model: name, endpoint, local, address } = model;
      const routed = { id, model: name, endpoint, local };
      return {
        ok: true,
        preview: {
          ...{ kind: 'turn', model: routed, address, turn: made.turn, parts: [...made.parts] },
          atMost: mostDollars(model, mostTokens(made, requestsOf(context))),
        },
      };
    },
    call: (given, context) => {
      const input = Input.safeParse(given);
      if (!input.success) return Promise.resolve({ ok: false, fault: invalid(input.error) });
      return ask(parts, input.data.kind, context);
    },
    probe: () => Promise.resolve('unknown'),
  };
}

/** What the turn is made of; of a reply, with what the run it is about found, and what was said there. */
async function materialOf({ remember }: AskModelParts, input: z.infer<typeof Input>, context: ToolContext) {
  const { about, kind, goal, guides, results } = input;
  if (about === null) return { kind, goal, guides, results, said: null };
  const found = await remember(about, context);
  const said = { message: found.message ?? goal, before: found.before };
  return { kind, guides, goal: found.goal, results: { ...found.results, ...results }, said };
}

/** An answer that is asked for again is quoted, so that the context grows by it. */
function mostTokens({ turn, parts }: Extract<Assembled, { ok: true }>, requests: number): MostTokens {
  const output = turn.limits.outputTokens ?? 0;
  const sent = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  return { input: sent + output, output, requests };
}

function requestsOf({ agent }: ToolContext): number {
  return Math.min(MOST_REQUESTS, agent?.limits.requests ?? MOST_REQUESTS);
}

function offerIn(parts: AskModelParts, kind: TurnKind, context: ToolContext): Offer {
  return kind === 'summary'
    ? { tools: [], self: context.agent ?? null, others: [] }
    : offerOf(parts.tools(), context);
}

/** How the agent that is asked is to work, as the run recorded it. */
async function wordsOf({ text }: AskModelParts, { scope, agent }: ToolContext): Promise<string> {
  if (agent === undefined) return '';
  const words = await text(scope, agent.instructions);
  if (words === null) throw new FaultError('CONTENT_GONE', { hash: agent.instructions.hash });
  return words;
}

function invalid({ issues }: z.ZodError): Fault {
  return fault('TOOL_INPUT_INVALID', { tool: NAME, path: issues[0]?.path.join('.') ?? '' });
}

/** The model that was chosen for the attempt, if it is still there. */
function modelOf({ models }: AskModelParts, { scope, model: routed }: ToolContext): ChatModel {
  const model = models.list(scope).find(({ id }) => id === routed?.id);
  if (model === undefined)
    throw new FaultError('MODEL_GONE', { model: routed?.model ?? '' }, { when: 'now' });
  return model;
}

async function ask(parts: AskModelParts, kind: TurnKind, context: ToolContext): Promise<ToolResult> {
  const { preview, signal, scope, say } = context;
  if (preview?.kind !== 'turn')
    return { ok: false, fault: fault('TOOL_INPUT_INVALID', { tool: NAME, path: 'preview' }) };
  const model = modelOf(parts, context);
  const offer = offerIn(parts, kind, context);
  const most = requestsOf(context);
  const began = parts.clock.monotonicMs();
  const usages: TurnUsage[] = [];
  const rejected: string[] = [];
  let firstMs: number | null = null;
  let requests = 0;
  let answered: TurnAnswer | null = null;
  const spent = (): TurnSpent => {
    const usage = usages.length === 0 ? UNKNOWN_USAGE : sumUsage(usages);
    const dollars = usages.length === 0 ? 0 : dollarsOf(model.price, usage);
    const name = answered?.ok === true ? answered.model : null;
    return { model: name, usage, dollars, firstMs, requests };
  };
  for (let turn = preview.turn; ; ) {
    answered = await model.provider.ask({
      scope,
      turn,
      signal,
      onDelta: (delta) => {
        firstMs ??= parts.clock.monotonicMs() - began;
        say(delta);
      },
    });
    requests += 1;
    // What its provider never took up is not charged for.
    if (answered.ok || answered.charged !== 'no') usages.push(answered.usage);
    if (!answered.ok) return { ok: false, fault: answered.fault, spent: spent() };
    const words = textOf(answered);
    const read = readAnswer(kind, words, offer);
    if (read.ok) {
      const by = answered.model ?? model.model;
      const output = outputOf(kind, read, { model: by, rejected });
      const note = { code: 'model-answered', data: { model: by, count: requests } };
      return { ok: true, output, note, spent: spent() };
    }
    rejected.push(read.why);
    if (requests >= most) {
      const data = { model: model.model, count: requests, reason: read.why };
      return { ok: false, fault: fault('MODEL_ANSWER_REJECTED', data), spent: spent() };
    }
    turn = askAgain(preview.turn, words, read.why);
  }
}

function outputOf(
  kind: TurnKind,
  {
    answer,
    repairs,
  }: { readonly answer: Readonly<Record<string, Json>>; readonly repairs: readonly Repair[] },
  { model, rejected }: { readonly model: string; readonly rejected: readonly string[] },
): Json {
  return { kind, model, repairs: [...repairs], rejected: [...rejected], ...answer };
}

function textOf({ message }: TurnAnswer): string {
  return message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
}
