import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Json } from '@soma/schemas/event';
import type { Turn, TurnMessage } from '@soma/schemas/turn';
import { fields, json, list } from '../model-turn/index.ts';

/** Tokens of an answer where nobody says how many: the API insists on a number, and each of its models may write as many. */
const OUTPUT_TOKENS = 4096;

type Body = MessageCreateParamsStreaming;
type Message<Role extends TurnMessage['role']> = Extract<TurnMessage, { role: Role }>;

/**
 * The turn as a request of the Messages API. It has no temperature: this version of the API knows none. A schema that is not closed is asked
 * for in words, since a strict one would be refused; whether an answer fits is the host's to check either way.
 */
export function bodyOf(turn: Turn, model: string, outputTokens: number | null): Body {
  const { tools, choice, shape, limits } = turn;
  const isStrict = shape !== null && isClosed(shape.schema);
  const inWords = shape === null || isStrict ? [] : [wordsFor(shape.schema)];
  const system = [...turn.messages.flatMap(systemOf), ...inWords].join('\n\n');
  return {
    ...{ model, stream: true, max_tokens: limits.outputTokens ?? outputTokens ?? OUTPUT_TOKENS },
    messages: turn.messages.flatMap(messagesOf),
    ...(system !== '' && { system }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, input }) => ({
        ...{ name, description },
        input_schema: { ...input, type: 'object' as const },
      })),
      ...(choice !== 'auto' && { tool_choice: { type: choice === 'none' ? 'none' : 'any' } as const }),
    }),
    ...(isStrict && { output_config: { format: { type: 'json_schema' as const, schema: shape.schema } } }),
  };
}

function wordsFor(schema: Readonly<Record<string, Json>>): string {
  return `Answer with one JSON value and nothing else. It has to fit this JSON Schema:\n${JSON.stringify(schema)}`;
}

function systemOf(message: TurnMessage): string[] {
  return message.role === 'system' ? [joined(message.parts)] : [];
}

function messagesOf(message: TurnMessage): MessageParam[] {
  switch (message.role) {
    case 'system':
      return [];
    case 'user':
      return [{ role: 'user', content: message.parts.map(userBlock) }];
    case 'assistant': {
      const content = assistantBlocks(message);
      return content.length === 0 ? [] : [{ role: 'assistant', content }];
    }
    case 'tool':
      return [
        {
          role: 'user',
          content: message.parts.map(({ call, text }) => ({
            ...{ type: 'tool_result' as const, tool_use_id: call, content: text },
          })),
        },
      ];
  }
}

function userBlock(part: Message<'user'>['parts'][number]): ContentBlockParam {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { mediaType, base64 } = part;
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: base64 } };
}

/** Reasoning is not sent back: without its signature it is refused. An empty text is refused as well. */
function assistantBlocks({ parts }: Message<'assistant'>): ContentBlockParam[] {
  return parts.flatMap((part): ContentBlockParam[] => {
    if (part.type === 'tool-call')
      return [{ type: 'tool_use', id: part.call, name: part.tool, input: fields(json(part.input)) ?? {} }];
    return part.type === 'text' && part.text.trim() !== '' ? [{ type: 'text', text: part.text }] : [];
  });
}

function joined(parts: readonly { readonly text: string }[]): string {
  return parts.map(({ text }) => text).join('\n\n');
}

/** Every object of it names its fields and allows no others, which the API demands of a schema. */
function isClosed(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isClosed);
  const part = fields(schema);
  if (part === null) return true;
  const properties = fields(part.properties);
  const isObject = part.type === 'object' || list(part.type).includes('object') || properties !== null;
  return (!isObject || part.additionalProperties === false) && Object.values(part).every(isClosed);
}
