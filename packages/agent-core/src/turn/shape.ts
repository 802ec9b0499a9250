import type { Json } from '@soma/schemas/event';
import { AskedTask } from '@soma/schemas/plan';
import type { TurnKind } from '@soma/schemas/turn';
import { z } from 'zod';
import { agentsFor, type Offer } from './offer.ts';

/** Most tasks that one turn may ask for, and most lines of an answer. */
export const MOST_TASKS = 12;
const MOST_LINES = 40;

const Tasks = z.array(AskedTask).max(MOST_TASKS);

const Line = z
  .strictObject({
    text: z.string().trim().min(1).max(2000),
    path: z.string().min(1).max(4096).nullable(),
    line: z.number().int().min(1).nullable(),
    quote: z.string().min(1).max(4000).nullable(),
  })
  .refine(
    ({ path, line, quote }) => (path === null) === (line === null) && (line === null) === (quote === null),
    {
      error: 'path, line and quote belong together: all of them, or null for all',
    },
  );

/** A line of a file, word for word. */
const Quoted = z.strictObject({
  text: z.string().trim().min(1).max(2000),
  path: z.string().min(1).max(4096),
  line: z.number().int().min(1),
  quote: z.string().min(1).max(4000),
});

/** What each kind of turn answers. */
export const ANSWERS = {
  plan: z.strictObject({ tasks: Tasks.min(1) }),
  answer: z.strictObject({
    lines: z.array(Line).max(MOST_LINES),
    missing: z.string().trim().min(1).max(2000).nullable(),
    tasks: Tasks,
  }),
  summary: z.strictObject({ line: z.string().trim().min(1).max(1000) }),
  reply: z.strictObject({
    reply: z.string().trim().min(1).max(100_000),
    lines: z.array(Quoted).max(MOST_LINES),
    tasks: Tasks,
  }),
} as const satisfies Record<TurnKind, z.ZodType>;

export type Answer = z.infer<(typeof ANSWERS)[TurnKind]>;

const TEXT = { type: 'string' } as const;
const NULLABLE_TEXT = { type: ['string', 'null'] };

/** The JSON Schema that a model is held to: each tool with its own arguments and the agents that may use it, so that no other can be named. */
export function schemaFor(kind: TurnKind, offer: Offer): Record<string, Json> {
  switch (kind) {
    case 'plan':
      return object({ tasks: tasksSchema(offer) });
    case 'answer':
      return object({
        lines: {
          type: 'array',
          items: object({
            text: TEXT,
            path: NULLABLE_TEXT,
            line: { type: ['integer', 'null'] },
            quote: NULLABLE_TEXT,
          }),
        },
        missing: NULLABLE_TEXT,
        tasks: tasksSchema(offer),
      });
    case 'summary':
      return object({ line: TEXT });
    case 'reply': {
      const line = object({ text: TEXT, path: TEXT, line: { type: 'integer' }, quote: TEXT });
      // First what a person reads while it comes.
      return object({ reply: TEXT, lines: { type: 'array', items: line }, tasks: tasksSchema(offer) });
    }
    default:
      return kind satisfies never;
  }
}

function tasksSchema(offer: Offer): Json {
  const items = offer.tools.map(({ name, inputSchema }) =>
    object({
      id: TEXT,
      title: TEXT,
      tool: { type: 'string', const: name },
      arguments: withoutDialect(inputSchema),
      after: { type: 'array', items: TEXT },
      ...agentSchema(offer, name),
    }),
  );
  return { type: 'array', maxItems: MOST_TASKS, items: { anyOf: items } };
}

/** Nothing where there is nobody to choose from; nobody can be chosen where the turn itself is nobody's. */
function agentSchema(offer: Offer, tool: string): Record<string, Json> {
  if (offer.others.length === 0) return {};
  const names = [...agentsFor(offer, tool), ...(offer.self === null ? [null] : [])];
  return { agent: { type: ['string', 'null'], enum: names } };
}

function object(properties: Record<string, Json>): Record<string, Json> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** The dialect is named once, by whoever sends the whole. */
function withoutDialect(schema: Json): Json {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema)) return schema;
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}
