import type { Json } from '@soma/schemas/event';
import type { Turn, TurnMessage } from '@soma/schemas/turn';
import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat';
import { fields, list } from '../model-turn/index.ts';
import type { Endpoint } from './endpoints.table.ts';

type Body = ChatCompletionCreateParamsStreaming;
type Message<Role extends TurnMessage['role']> = Extract<TurnMessage, { role: Role }>;

/** The turn as a request of the chat completions protocol. Nothing is sent that is not asked for: strict servers refuse what they do not know. */
export function bodyOf(turn: Turn, model: string, { outputTokens }: Pick<Endpoint, 'outputTokens'>): Body {
  const { tools, choice, shape, temperature, limits } = turn;
  const body: Body = {
    model,
    messages: turn.messages.flatMap(messagesOf),
    stream: true,
    stream_options: { include_usage: true },
  };
  if (tools.length > 0) {
    body.tools = tools.map(({ name, description, input }) => ({
      type: 'function',
      function: { name, description, parameters: input },
    }));
    if (choice !== 'auto') body.tool_choice = choice;
  }
  if (shape !== null) {
    const { name, schema } = shape;
    const strict = isStrict(schema);
    body.response_format = {
      type: 'json_schema',
      json_schema: { name, schema, ...(strict ? { strict } : {}) },
    };
  }
  if (temperature !== null) body.temperature = temperature;
  if (limits.outputTokens !== null) body[outputTokens] = limits.outputTokens;
  return body;
}

function messagesOf(message: TurnMessage): ChatCompletionMessageParam[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: joined(message.parts) }];
    case 'user':
      return [{ role: 'user', content: userContent(message) }];
    case 'assistant':
      return [assistantMessage(message)];
    case 'tool':
      return message.parts.map(({ call, text }) => ({ role: 'tool', tool_call_id: call, content: text }));
  }
}

/** One text where there are only texts: small servers take no list. */
function userContent({ parts }: Message<'user'>) {
  const texts = parts.filter((part) => part.type === 'text');
  if (texts.length === parts.length) return joined(texts);
  return parts.map((part) =>
    part.type === 'text'
      ? ({ type: 'text', text: part.text } as const)
      : ({
          type: 'image_url',
          image_url: { url: `data:${part.mediaType};base64,${part.base64}` },
        } as const),
  );
}

/** Reasoning is not sent back: it was for the model alone, and most endpoints refuse it. */
function assistantMessage({ parts }: Message<'assistant'>): ChatCompletionMessageParam {
  const content = joined(parts.filter((part) => part.type === 'text'));
  const calls = parts.filter((part) => part.type === 'tool-call');
  if (calls.length === 0) return { role: 'assistant', content };
  return {
    role: 'assistant',
    content,
    tool_calls: calls.map(({ call, tool, input }) => ({
      id: call,
      type: 'function',
      function: { name: tool, arguments: input },
    })),
  };
}

function joined(parts: readonly { readonly text: string }[]): string {
  return parts.map(({ text }) => text).join('\n\n');
}

/** OpenAI takes a schema strictly only where every object names all its fields and allows no others; else it refuses the request. */
export function isStrict(schema: Readonly<Record<string, Json>>): boolean {
  return every(schema, (part) => {
    const properties = fields(part.properties);
    if (part.type !== 'object' && properties === null) return true;
    const required = new Set(list(part.required));
    return (
      part.additionalProperties === false && Object.keys(properties ?? {}).every((key) => required.has(key))
    );
  });
}

function every(value: unknown, holds: (part: Readonly<Record<string, unknown>>) => boolean): boolean {
  if (Array.isArray(value)) return value.every((part) => every(part, holds));
  const part = fields(value);
  return part === null || (holds(part) && Object.values(part).every((inner) => every(inner, holds)));
}
