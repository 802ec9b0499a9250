import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ChatHistoryItem } from 'node-llama-cpp';
import { z } from 'zod';
import { type ChatEnd, type LoadedChat, loadChat } from './chat-runtime.ts';
import type { ChatPlace, ChatWish } from './wire.ts';

/** Bytes of a request: no context that fits a small model has more. */
const LONGEST = 8 * 1024 * 1024;

const Text = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal('text'), text: z.string() }))
    .transform((parts) => parts.map(({ text }) => text).join('\n\n')),
]);
/** As much of the chat completions protocol as a small model can do: no tools, no pictures. */
const Request = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: Text })).min(1),
  stream: z.boolean().default(false),
  max_tokens: z.number().int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  response_format: z
    .object({ type: z.literal('json_schema'), json_schema: z.object({ schema: z.unknown() }) })
    .nullish(),
  tools: z.undefined({ error: 'this model takes no tools' }).optional(),
});
type Request = z.infer<typeof Request>;

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Servers for chat in this process, one a file: each on a port and with a key of its own, for this computer alone. */
export function createChats(): { open(wish: ChatWish): Promise<ChatPlace> } {
  const opened = new Map<string, Promise<ChatPlace>>();
  return {
    open: (wish) => {
      const known = opened.get(wish.sha256);
      if (known !== undefined) return known;
      const opening = openChat(wish);
      opened.set(wish.sha256, opening);
      opening.catch(() => opened.delete(wish.sha256));
      return opening;
    },
  };
}

async function openChat(wish: ChatWish): Promise<ChatPlace> {
  const chat = await loadChat(wish);
  const key = randomBytes(32).toString('hex');
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    void serve({ chat, key, model: wish.model }, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // The process ends with its host, whatever still listens.
  server.unref();
  const at = server.address();
  if (at === null || typeof at === 'string') throw new Error('the server has no port');
  return { address: `http://127.0.0.1:${at.port}/v1`, key, contextTokens: chat.contextTokens };
}

interface Chat {
  readonly chat: LoadedChat;
  readonly key: string;
  readonly model: string;
}

async function serve(chat: Chat, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const reply = isKnown(request, chat.key)
    ? await replyTo(chat, { path: `${request.method} ${request.url}`, body }, response)
    : refused(401, 'the key is wrong', 'invalid_api_key');
  if (reply === null) return;
  response.writeHead(reply.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(reply.body));
}

function isKnown({ headers }: IncomingMessage, key: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function replyTo(
  { chat, model }: Chat,
  { path, body }: { readonly path: string; readonly body: unknown },
  response: ServerResponse,
): Promise<Reply | null> {
  if (path === 'GET /v1/models')
    return {
      status: 200,
      body: { object: 'list', data: [{ id: model, object: 'model', max_model_len: chat.contextTokens }] },
    };
  if (path !== 'POST /v1/chat/completions') return refused(404, 'nothing is here', null);
  const wish = Request.safeParse(body);
  if (!wish.success) return refused(400, z.prettifyError(wish.error), null);
  if (wish.data.model !== model)
    return refused(404, `there is no model ${wish.data.model}`, 'model_not_found');
  return answer({ chat, model }, wish.data, response);
}

async function answer(
  { chat, model }: Pick<Chat, 'chat' | 'model'>,
  wish: Request,
  response: ServerResponse,
): Promise<Reply | null> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const said: string[] = [];
  const writer = wish.stream ? createWriter(model, response) : null;
  let end: ChatEnd;
  try {
    end = await chat.ask({
      history: wish.messages.map(historyItem).concat({ type: 'model', response: [] }),
      maxTokens: wish.max_tokens ?? null,
      temperature: wish.temperature ?? 0,
      schema: wish.response_format?.json_schema.schema ?? null,
      signal: gone.signal,
      onText: (text) => (writer === null ? said.push(text) : writer.text(text)),
    });
  } catch {
    if (response.headersSent || gone.signal.aborted) {
      response.destroy();
      return null;
    }
    return refused(500, 'the runtime failed', null);
  }
  if (!end.ok) {
    if (end.input === null) return refused(400, 'no grammar can be made of this schema', null);
    return refused(
      400,
      `${end.input} tokens are more than fit into a context of ${chat.contextTokens}`,
      'exceed_context_size_error',
    );
  }
  const { input, output, finish } = end;
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  if (writer !== null) {
    writer.end(finish, usage);
    return null;
  }
  const message = { role: 'assistant', content: said.join('') };
  const choices = [{ index: 0, message, finish_reason: finish }];
  return { status: 200, body: { object: 'chat.completion', model, choices, usage } };
}

/** Writes an answer as events. Nothing is written, no status either, before the first word. */
function createWriter(model: string, response: ServerResponse) {
  const event = (value: object) =>
    void response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', model, ...value })}\n\n`);
  const begin = () => {
    if (response.headersSent) return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] });
  };
  return {
    text: (content: string) => {
      begin();
      event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    },
    end: (finish: 'stop' | 'length', usage: object) => {
      begin();
      event({ choices: [{ index: 0, delta: {}, finish_reason: finish }] });
      event({ choices: [], usage });
      response.end('data: [DONE]\n\n');
    },
  };
}

function historyItem({ role, content }: Request['messages'][number]): ChatHistoryItem {
  switch (role) {
    case 'system':
      return { type: 'system', text: content };
    case 'user':
      return { type: 'user', text: content };
    case 'assistant':
      return { type: 'model', response: [content] };
  }
}

function refused(status: number, message: string, code: string | null): Reply {
  return { status, body: { error: { message, type: 'invalid_request_error', code } } };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  const parts: AsyncIterable<Buffer> = request;
  for await (const part of parts) {
    size += part.length;
    if (size > LONGEST) return undefined;
    chunks.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
