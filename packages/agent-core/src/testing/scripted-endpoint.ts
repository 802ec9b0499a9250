import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChatRequest,
  contextRefusal,
  EmbeddingRequest,
  keyRefusal,
  modelRefusal,
  promptTokens,
  type Refusal,
  shapeRefusal,
  textOf,
  toolProblem,
} from './endpoint-protocol.ts';
import {
  answerTokens,
  type Counted,
  chunksOf,
  type Said,
  type Script,
  tokensOf,
  wholeOf,
} from './endpoint-script.ts';

export interface ScriptedEndpointOptions {
  /** The key that requests must bring; null takes any, and none. */
  readonly key?: string | null;
  /** Names of its models, and what its list says of each beyond the name. */
  readonly models?: Readonly<Record<string, Record<string, unknown>>>;
  /** Tokens of a context that it takes. */
  readonly context?: number;
  /** What is answered when no script is left, to the request's JSON where that matters; null gives back the words of the last message. */
  readonly otherwise?: Said | ((words: string) => Said) | null;
}

/** A request as it came. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** How much later an answer ends whose end is late, in milliseconds. */
const LATE_MS = 15;
const BLOCK = 64 * 1024;
const PAGE = '<!doctype html><html><head><title>Sign in</title></head><body>Sign in to go on</body></html>';

/**
 * A server on loopback that speaks the real chat completions protocol and says what its script says, with every quirk and fault that was
 * seen of real ones. It is no model and pretends to be none: its words are the test's.
 */
export class ScriptedEndpoint {
  readonly asked: Asked[] = [];
  /** Tokens that it would charge for: those of each context that it took up, and of each answer as far as it was sent. */
  charged = { requests: 0, input: 0, output: 0 };
  /** Answers that their askers left before the end. */
  left = 0;
  /** Connections that were made. */
  connections = 0;
  /** Answers that were sent to their end. */
  ended = 0;
  /** What the next requests are answered, in order. */
  readonly scripts: Script[] = [];
  readonly #options: Required<ScriptedEndpointOptions>;
  /** What an answer without quirks or faults is as text, once it was made. */
  readonly #rendered = new Map<string, string>();
  readonly #server: Server;
  #port = 0;

  constructor({
    key = null,
    models = { 'scripted-1': {} },
    context = 100_000,
    otherwise = null,
  }: ScriptedEndpointOptions = {}) {
    this.#options = { key, models, context, otherwise };
    this.#server = createServer((request, response) => {
      response.on('error', () => undefined);
      response.on('finish', () => {
        this.ended += 1;
      });
      void this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  /** Listens; after it was closed, where it listened before. */
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
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  get host(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = await this.#reply(request, response);
    if (reply === null) return;
    const { status, body, headers } = reply;
    const isPage = typeof body === 'string';
    response.writeHead(status, {
      'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json',
      ...headers,
    });
    response.end(isPage ? body : JSON.stringify(body));
  }

  /** What is answered at once; null where the answer is streamed, or never comes. */
  async #reply(request: IncomingMessage, response: ServerResponse): Promise<Refusal | null> {
    const body = await bodyOf(request);
    const path = request.url ?? '';
    this.asked.push({ path, headers: request.headers, body });
    const { key, models } = this.#options;
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (key !== null && given !== key) return keyRefusal(given);
    if (request.method === 'GET' && path === '/v1/models') {
      const data = Object.entries(models).map(([id, more]) => ({ id, object: 'model', ...more }));
      return this.#scriptedRefusal() ?? { status: 200, body: { object: 'list', data } };
    }
    if (request.method === 'POST' && path === '/v1/embeddings') return this.#embed(body);
    if (request.method === 'POST' && path === '/v1/chat/completions') return this.#chat(body, response);
    return { status: 404, body: { detail: 'Not Found' } };
  }

  /** The next script, if it is a refusal. */
  #scriptedRefusal(): Extract<Script, { status: number }> | null {
    const [script] = this.scripts;
    if (script === undefined || !('status' in script)) return null;
    this.scripts.shift();
    return script;
  }

  #embed(body: unknown): Refusal {
    const wish = EmbeddingRequest.safeParse(body);
    if (!wish.success) return shapeRefusal(wish.error.message);
    const { model, input } = wish.data;
    if (!Object.hasOwn(this.#options.models, model)) return modelRefusal(model);
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
    return (
      this.#scriptedRefusal() ?? { status: 200, body: { object: 'list', model, data: data.toReversed() } }
    );
  }

  async #chat(body: unknown, response: ServerResponse): Promise<Refusal | null> {
    const refusal = this.#scriptedRefusal();
    if (refusal?.drop) response.destroy();
    if (refusal?.drop || refusal?.wait === null) return null;
    if (refusal !== null) {
      await sleep(refusal.wait ?? 0);
      return refusal;
    }
    const wish = ChatRequest.safeParse(body);
    if (!wish.success) return shapeRefusal(wish.error.message);
    const { model, messages, stream = false } = wish.data;
    if (!Object.hasOwn(this.#options.models, model)) return modelRefusal(model);
    const problem = toolProblem(wish.data);
    if (problem !== null) return shapeRefusal(problem);
    const prompt = promptTokens(wish.data);
    if (prompt > this.#options.context) return contextRefusal(prompt, this.#options.context);
    const { otherwise } = this.#options;
    const last = typeof otherwise === 'function' ? otherwise(JSON.stringify(body)) : otherwise;
    const script = this.scripts.shift() ?? last ?? { text: textOf(messages.at(-1)?.content ?? '') };
    if ('status' in script) throw new Error('a refusal is no answer');
    const said = within(script, wish.data);
    this.charged.requests += 1;
    this.charged.input += prompt;
    if (stream && said.quirks?.whole !== true) {
      await this.#stream(said, { prompt, model, number: this.charged.requests }, response);
      return null;
    }
    this.charged.output += answerTokens(said);
    return { status: 200, body: wholeOf(said, { prompt, model, number: this.charged.requests }) };
  }

  async #stream(said: Said, counted: Counted, response: ServerResponse): Promise<void> {
    const { quirks = {}, wait = 0, pace = 0 } = said;
    const end = quirks.lines ?? '\n';
    let gone = false;
    response.once('close', () => {
      gone = true;
      if (!response.writableFinished) this.left += 1;
    });
    response.writeHead(200, { 'content-type': quirks.type ?? 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    const write = (text: string) => response.write(text);
    if (quirks.comments) write(`: PROCESSING${end}${end}`);
    if (wait > 0) await sleep(wait);
    if (said === this.#options.otherwise && pace === 0) return this.#streamAtOnce(said, counted, response);
    const events = chunksOf(said, counted);
    for (const [index, event] of events.entries()) {
      if (gone) return;
      if (said.break?.after === index) {
        await this.#breakOff(said.break, event, response);
        return;
      }
      if (pace > 0 && index > 0) await sleep(pace);
      if (quirks.comments && index % 3 === 2) write(`: PROCESSING${end}event: message${end}`);
      const last = index === events.length - 1 && quirks.done === 'missing' && quirks.tail === 'open';
      const isFull = !write(`data: ${JSON.stringify(event)}${end}${last ? '' : end}`);
      this.charged.output += isToken(event) ? 1 : 0;
      if (isFull && !gone) await drained(response);
    }
    if (said.break !== undefined) {
      await this.#breakOff(said.break, {}, response);
      return;
    }
    if (quirks.done !== 'missing') write(`data: [DONE]${end}${end}`);
    if (quirks.tail === 'late') await sleep(LATE_MS);
    response.end();
  }

  /** The same answer again and again, as fast as it is read. */
  async #streamAtOnce(said: Said, { prompt, model }: Counted, response: ServerResponse): Promise<void> {
    const counted = { prompt, model };
    const known = JSON.stringify(counted);
    const text =
      this.#rendered.get(known) ??
      [...chunksOf(said, counted).map((event) => JSON.stringify(event)), '[DONE]']
        .map((event) => `data: ${event}\n\n`)
        .join('');
    this.#rendered.set(known, text);
    this.charged.output += answerTokens(said);
    for (let from = 0; from < text.length && !response.destroyed; from += BLOCK)
      if (!response.write(text.slice(from, from + BLOCK))) await drained(response);
    response.end();
  }

  async #breakOff(how: NonNullable<Said['break']>, event: unknown, response: ServerResponse): Promise<void> {
    const text = JSON.stringify(event);
    switch (how.how) {
      case 'reset':
        // Half of an event, then no more.
        response.write(`data: ${text.slice(0, text.length / 2)}`, () => response.destroy());
        return;
      case 'end':
        response.end();
        return;
      case 'silence':
        return;
      case 'garbled':
        response.end(`data: ${text.slice(0, -3)}\n\ndata: [DONE]\n\n`);
        return;
      case 'page':
        response.end(PAGE);
        return;
      case 'strange':
        response.end('data: {"hello": "world"}\n\n');
        return;
      case 'error':
        response.end(`data: ${JSON.stringify(how.error)}\n\n`);
        return;
      case 'endless': {
        const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'again ' } }] })}\n\n`;
        const block = piece.repeat(Math.ceil(BLOCK / piece.length));
        while (!response.destroyed) {
          if (!response.write(block)) await drained(response);
        }
      }
    }
  }
}

/** The answer as far as the tokens go that were asked for. */
function within(said: Said, { max_tokens, max_completion_tokens }: ChatRequest): Said {
  const limit = max_completion_tokens ?? max_tokens ?? Number.POSITIVE_INFINITY;
  const tokens = tokensOf(said.text ?? '');
  if (tokens.length <= limit) return said;
  return { ...said, text: tokens.slice(0, limit).join(''), calls: [], finish: 'length' };
}

/** An event that holds words of the model. */
function isToken(event: unknown): boolean {
  return /"(content|arguments|reasoning_content|reasoning|thinking)":"[^"]/.test(JSON.stringify(event));
}

/** When more may be written, or nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      response.off('drain', over).off('close', over);
      resolve();
    };
    response.once('drain', over).once('close', over);
  });
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  try {
    return await json(request);
  } catch {
    return null;
  }
}

/** Not of length 1, and not in the order that was asked for: both are the asker's to mend. */
function vectorOf(text: string): number[] {
  return [3 * text.length, 4, text.codePointAt(0) ?? 0];
}
