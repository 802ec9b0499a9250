import { z } from 'zod';
import { tokensOf } from './endpoint-script.ts';

// What a strict server of the chat completions protocol takes. A field that it does not know is refused, as some real ones do.

const Text = z.strictObject({ type: z.literal('text'), text: z.string() });
const Image = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string().regex(/^data:image\/[a-z]+;base64,[A-Za-z0-9+/=]+$/) }),
});
const Call = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().min(1), arguments: z.string() }),
});
const Message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string() }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.union([Text, Image])).min(1)]),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string(),
    tool_calls: z.array(Call).min(1).optional(),
  }),
  z.strictObject({
    role: z.literal('tool'),
    tool_call_id: z.string(),
    content: z.string(),
    /** Some clients name the tool once more. */
    name: z.string().optional(),
  }),
]);
const Schema = z.record(z.string(), z.unknown());

export const ChatRequest = z.strictObject({
  model: z.string(),
  messages: z.array(Message).min(1),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({
          name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
          description: z.string(),
          parameters: Schema,
        }),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z.enum(['none', 'required']).optional(),
  response_format: z
    .strictObject({
      type: z.literal('json_schema'),
      json_schema: z.strictObject({
        name: z.string(),
        schema: Schema,
        strict: z.literal(true).optional(),
      }),
    })
    .optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.number().int().min(1).optional(),
  max_completion_tokens: z.number().int().min(1).optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

export const EmbeddingRequest = z.strictObject({
  model: z.string(),
  input: z.array(z.string()).min(1),
  encoding_format: z.literal('float'),
});

/** An answer in one piece; a body that is a string is a page. */
export interface Refusal {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const openai = (status: number, error: Record<string, unknown>): Refusal => ({
  status,
  body: { error: { type: 'invalid_request_error', param: null, code: null, ...error } },
});

/** OpenAI masks a wrong key in its answer, and leaves enough of it to tell whose it is. */
export const keyRefusal = (key: string): Refusal =>
  openai(401, {
    message: `Incorrect API key provided: ${key.slice(0, 8)}${'*'.repeat(12)}${key.slice(-4)}. You can find your API key in your account.`,
    code: 'invalid_api_key',
  });

export const modelRefusal = (model: string): Refusal =>
  openai(404, {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    code: 'model_not_found',
  });

export const shapeRefusal = (problem: string): Refusal => openai(400, { message: problem, code: null });

export const contextRefusal = (tokens: number, limit: number): Refusal =>
  openai(400, {
    message: `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${tokens} tokens.`,
    code: 'context_length_exceeded',
  });

/** Tokens of all messages. */
export function promptTokens({ messages }: ChatRequest): number {
  return messages.reduce((sum, { content }) => sum + tokensOf(textOf(content)).length, 0);
}

export function textOf(content: ChatRequest['messages'][number]['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
}

/** What real servers refuse beyond the shape: a tool's answer to a call that nobody made, and a call without one. */
export function toolProblem({ messages }: ChatRequest): string | null {
  const open = new Set<string>();
  for (const message of messages) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id)) return `no tool call ${message.tool_call_id} is open`;
    } else if (open.size > 0) return `tool calls without an answer: ${[...open].join(', ')}`;
    if (message.role === 'assistant') for (const { id } of message.tool_calls ?? []) open.add(id);
  }
  return null;
}
