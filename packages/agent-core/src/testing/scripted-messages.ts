import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Refusal } from './endpoint-protocol.ts';
import { answerTokens, type Said, type Script, tokensOf } from './endpoint-script.ts';
import type { Asked } from './scripted-endpoint.ts';

const Text = z.strictObject({ type: z.literal('text'), text: z.string().min(1) });
const Image = z.strictObject({
  type: z.literal('image'),
  source: z.strictObject({ type: z.literal('base64'), media_type: z.string(), data: z.base64() }),
});
const Result = z.strictObject({
  ...{ type: z.literal('tool_result'), tool_use_id: z.string().min(1), content: z.string() },
});
const Use = z.strictObject({
  ...{ type: z.literal('tool_use'), id: z.string().min(1), name: z.string().min(1) },
  input: z.record(z.string(), z.unknown()),
});
const Schema = z.record(z.string(), z.unknown());

/** What the Messages API takes of what the adapter sends; a field that it does not know is refused. */
const MessagesRequest = z.strictObject({
  ...{ model: z.string().min(1), max_tokens: z.number().int().min(1), stream: z.literal(true) },
  system: z.string().min(1).optional(),
  messages: z
    .array(
      z.discriminatedUnion('role', [
        z.strictObject({ role: z.literal('user'), content: z.array(z.union([Text, Image, Result])).min(1) }),
        z.strictObject({ role: z.literal('assistant'), content: z.array(z.union([Text, Use])).min(1) }),
      ]),
    )
    .min(1),
  tools: z
    .array(z.strictObject({ name: z.string(), description: z.string(), input_schema: Schema }))
    .min(1)
    .optional(),
  tool_choice: z.strictObject({ type: z.enum(['none', 'any']) }).optional(),
  output_config: z
    .strictObject({ format: z.strictObject({ type: z.literal('json_schema'), schema: Schema }) })
    .optional(),
});
type MessagesRequest = z.infer<typeof MessagesRequest>;

/** The version of the API that the package asks for (its CHANGELOG, and RawMessageStreamEvent in its resources/messages.d.ts). */
const VERSION = '2026-10-21';

const refusal = (status: number, type: string, message: string): Refusal => ({
  ...{ status, body: { type: 'error', error: { type, message }, request_id: 'req_1' } },
});

export interface ScriptedMessagesOptions {
  /** The key that requests must bring; null takes any. */
  readonly key?: string | null;
  readonly otherwise?: ((words: string) => Said) | null;
}

const LISTED: Refusal = {
  status: 200,
  body: { data: [{ type: 'model', id: 'claude-scripted' }], has_more: false, first_id: null, last_id: null },
};

/**
 * A server on loopback that speaks Anthropic's Messages API as its documentation describes it (docs.anthropic.com/en/api/messages-streaming:
 * message_start, a start, deltas and a stop for each block of content, message_delta, message_stop, pings between; an error as an event or
 * as a status) and says what its script says. It is no model: its words are the test's.
 */
export class ScriptedMessages {
  readonly asked: Asked[] = [];
  /** Requests that it took up, and would charge for. */
  charged = 0;
  /** What the next requests are answered, in order; with none left, the words of the last message. */
  readonly scripts: Script[] = [];
  readonly #key: string | null;
  readonly #otherwise: ((words: string) => Said) | null;
  readonly #server: Server;
  #port = 0;

  /** `otherwise` is answered when no script is left, to the JSON of the request as chat completions have it: whoever answers there answers here. */
  constructor({ key = null, otherwise = null }: ScriptedMessagesOptions = {}) {
    this.#key = key;
    this.#otherwise = otherwise;
    this.#server = createServer((request, response) => {
      response.on('error', () => undefined);
      void this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.#port = address.port;
    return this;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = await json(request).catch(() => null);
    this.asked.push({ path: request.url ?? '', headers: request.headers, body });
    const reply = this.#refused(request) ?? (await this.#said(body, response));
    if (reply === null) return;
    const isPage = typeof reply.body === 'string';
    response.writeHead(reply.status, {
      'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json',
      ...reply.headers,
    });
    response.end(isPage ? reply.body : JSON.stringify(reply.body));
  }

  #refused({ headers, method, url }: IncomingMessage): Refusal | null {
    if (this.#key !== null && headers.authorization !== `Bearer ${this.#key}`)
      return refusal(401, 'authentication_error', 'invalid API key');
    if (headers['anthropic-version'] !== VERSION)
      return refusal(400, 'invalid_request_error', 'anthropic-version: header is required');
    if (method === 'GET' && url?.startsWith('/v1/models') === true) return LISTED;
    if (method !== 'POST' || url !== '/v1/messages') return refusal(404, 'not_found_error', 'Not found');
    return null;
  }

  async #said(body: unknown, response: ServerResponse): Promise<Refusal | null> {
    const script = this.scripts.shift();
    if (script !== undefined && 'status' in script) {
      if (script.drop) response.destroy();
      if (script.drop || script.wait === null) return null;
      await sleep(script.wait ?? 0);
      return script;
    }
    const wish = MessagesRequest.safeParse(body);
    if (!wish.success) return refusal(400, 'invalid_request_error', wish.error.message);
    const problem = toolProblem(wish.data);
    if (problem !== null) return refusal(400, 'invalid_request_error', problem);
    this.charged += 1;
    const last = this.#otherwise?.(JSON.stringify(chatOf(wish.data))) ?? { text: lastWords(wish.data) };
    await stream(script ?? last, wish.data, response);
    return null;
  }
}

function chatOf(wish: MessagesRequest): unknown {
  const { model, tools, output_config: output } = wish;
  return {
    ...{ model, messages: [{ role: 'user', content: lastWords(wish) }] },
    tools: tools?.map(({ name, description, input_schema: parameters }) => ({
      ...{ type: 'function', function: { name, description, parameters } },
    })),
    response_format: output && {
      ...{ type: 'json_schema', json_schema: { name: 'shape', schema: output.format.schema } },
    },
  };
}

/** Every use of a tool is answered in the message behind it. */
function toolProblem({ messages }: MessagesRequest): string | null {
  for (const [index, { content }] of messages.entries()) {
    const used = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    const next = messages[index + 1]?.content ?? [];
    const answered = next.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
    if (used.some((id) => !answered.includes(id))) return '`tool_use` ids without `tool_result` blocks';
  }
  return null;
}

function lastWords({ messages }: MessagesRequest): string {
  const content = messages.at(-1)?.content ?? [];
  return content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(' ');
}

type Event = { readonly type: string } & Record<string, unknown>;

/** The events of an answer as the API sends them. */
function eventsOf(said: Said, { model, messages }: MessagesRequest, limit: number): Event[] {
  const { text = '', reasoning = '', calls = [] } = said;
  const words = tokensOf(text);
  const finish = said.finish === 'length' || words.length > limit ? 'max_tokens' : 'end_turn';
  const blocks: { readonly start: Event; readonly deltas: readonly Event[] }[] = [];
  const thinking = tokensOf(reasoning).map((piece) => ({ type: 'thinking_delta', thinking: piece }));
  const signed = { type: 'signature_delta', signature: 'c2lnbmVk' };
  if (reasoning !== '')
    blocks.push({ start: { type: 'thinking', thinking: '', signature: '' }, deltas: [...thinking, signed] });
  if (text !== '') {
    const deltas = words.slice(0, limit).map((piece) => ({ type: 'text_delta', text: piece }));
    blocks.push({ start: { type: 'text', text: '' }, deltas });
  }
  for (const { id, name, pieces } of calls) {
    const deltas = pieces.map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
    blocks.push({ start: { type: 'tool_use', id, name, input: {} }, deltas });
  }
  const input = tokensOf(JSON.stringify(messages)).length;
  const usage = { input_tokens: input, cache_creation_input_tokens: 0, cache_read_input_tokens: 2 };
  const output = Math.min(answerTokens(said), limit);
  const stop = calls.length > 0 ? 'tool_use' : finish;
  return [
    {
      type: 'message_start',
      message: {
        ...{ id: 'msg_1', type: 'message', role: 'assistant', model },
        ...{ content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
      },
    },
    ...blocks.flatMap(({ start, deltas }, index) => [
      { type: 'content_block_start', index, content_block: start },
      { type: 'ping' },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: output },
    },
    { type: 'message_stop' },
  ];
}

async function stream(said: Said, wish: MessagesRequest, response: ServerResponse): Promise<void> {
  const { pace = 0, wait = 0 } = said;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  if (wait > 0) await sleep(wait);
  for (const [index, event] of eventsOf(said, wish, wish.max_tokens).entries()) {
    if (response.destroyed) return;
    if (said.break?.after === index) return breakOff(said.break, event, response);
    if (pace > 0 && event.type === 'content_block_delta') await sleep(pace);
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

function breakOff(how: NonNullable<Said['break']>, event: Event, response: ServerResponse): void {
  const text = JSON.stringify(event);
  const begun = `event: ${event.type}\ndata: ${text.slice(0, text.length / 2)}`;
  switch (how.how) {
    case 'reset':
      response.write(begun, () => response.destroy());
      return;
    case 'end':
      response.end();
      return;
    case 'silence':
      return;
    case 'garbled':
      response.end(`${begun}\n\n`);
      return;
    case 'error':
      response.end(`event: error\ndata: ${JSON.stringify(how.error)}\n\n`);
      return;
    default:
      throw new Error(`no script breaks off so here: ${how.how}`);
  }
}
