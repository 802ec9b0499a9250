/** A tool call that a script makes, its input in the pieces in which it is sent. */
export interface ScriptedCall {
  readonly id: string;
  readonly name: string;
  readonly pieces: readonly string[];
}

/** Ways in which real endpoints leave the protocol's own description, each as it was seen (adapter/model-openai/quirks.table.ts). */
export interface Quirks {
  readonly role?: 'missing' | 'null' | 'every';
  readonly toolIndex?: 'missing' | 'always-0';
  readonly toolId?: 'missing' | 'every';
  readonly toolName?: 'after-input' | 'every';
  readonly input?: 'value';
  readonly content?: 'parts';
  readonly reasoning?: 'reasoning_content' | 'reasoning' | 'thinking';
  readonly usage?: 'missing' | 'in-last-choice' | 'x-groq' | 'every' | 'text';
  readonly done?: 'missing';
  readonly finish?: 'missing' | 'eos' | 'stop-with-tools';
  /** Not streamed though asked to. */
  readonly whole?: true;
  /** Lines of their own before and between the events. */
  readonly comments?: true;
  readonly lines?: '\r\n';
  /** No blank line after the last event, or the end of the answer a moment after its last event. */
  readonly tail?: 'open' | 'late';
  readonly type?: string;
}

/** How an answer goes wrong after so many of its events. */
export type Break =
  | { readonly after: number; readonly how: 'reset' | 'end' | 'silence' | 'garbled' | 'page' | 'strange' }
  | { readonly after: number; readonly how: 'error'; readonly error: unknown }
  /** Goes on for ever with the same word. */
  | { readonly after: number; readonly how: 'endless' };

/** What one request is answered. */
export type Script =
  | {
      readonly text?: string;
      readonly reasoning?: string;
      readonly calls?: readonly ScriptedCall[];
      readonly finish?: 'stop' | 'length' | 'content_filter';
      /** US dollars that the usage names. */
      readonly dollars?: number;
      readonly quirks?: Quirks;
      readonly break?: Break;
      /** Milliseconds before the first event, and before each of the others. */
      readonly wait?: number;
      readonly pace?: number;
    }
  | {
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** Milliseconds before the answer; null never answers. */
      readonly wait?: number | null;
      /** The connection is dropped instead. */
      readonly drop?: true;
    };
export type Said = Exclude<Script, { readonly status: number }>;

export interface Counted {
  readonly prompt: number;
  readonly model: string;
  /** Which answer of its server it is: no two have one id. */
  readonly number?: number;
}

type Event = Record<string, unknown>;

/** The words of a text, as tokens: each with the space before it. */
export const tokensOf = (text: string): readonly string[] => text.match(/\s*\S+|\s+$/g) ?? [];

/** How many tokens an answer has. */
export function answerTokens({ text = '', reasoning = '', calls = [] }: Said): number {
  const pieces = calls.reduce((sum, call) => sum + call.pieces.length, 0);
  return tokensOf(text).length + tokensOf(reasoning).length + pieces;
}

export function usageOf(said: Said, { prompt }: Counted): Event {
  const completion = answerTokens(said);
  const number = (count: number) => (said.quirks?.usage === 'text' ? String(count) : count);
  return {
    prompt_tokens: number(prompt),
    completion_tokens: number(completion),
    total_tokens: number(prompt + completion),
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: tokensOf(said.reasoning ?? '').length },
    ...(said.dollars === undefined ? {} : { cost: said.dollars }),
  };
}

/** Every chunk of an answer, in order; the last ones say why it stopped and what it used. */
export function chunksOf(said: Said, counted: Counted): readonly Event[] {
  const { quirks = {}, finish = 'stop', calls = [] } = said;
  const usage = usageOf(said, counted);
  const deltas = deltasOf(said);
  const chunks = deltas.map((delta) => chunkOf({ index: 0, delta, finish_reason: null }, counted));
  const reason = calls.length > 0 && quirks.finish !== 'stop-with-tools' ? 'tool_calls' : finish;
  const said_reason = quirks.finish === 'missing' ? null : quirks.finish === 'eos' ? 'eos' : reason;
  const last = chunkOf({ index: 0, delta: {}, finish_reason: said_reason }, counted);
  switch (quirks.usage) {
    case 'missing':
      return [...chunks, last];
    case 'in-last-choice':
      return [...chunks, { ...last, usage }];
    case 'x-groq':
      return [...chunks, { ...last, x_groq: { id: 'req_1', usage } }];
    case 'every':
      return [...chunks, last].map((chunk) => ({ ...chunk, usage }));
    case 'text':
    case undefined: {
      const asked = [...chunks, last].map((chunk) => ({ ...chunk, usage: null }));
      return [...asked, { ...chunkOf(null, counted), usage }];
    }
  }
}

/** The same answer in one piece. */
export function wholeOf(said: Said, counted: Counted): Event {
  const { text = '', reasoning, calls = [], quirks = {}, finish = 'stop' } = said;
  const tool_calls = calls.map(({ id, name, pieces }) => ({
    ...{ id, type: 'function' },
    function: { name, arguments: pieces.join('') },
  }));
  const message = {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(reasoning === undefined ? {} : { [quirks.reasoning ?? 'reasoning_content']: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls }),
  };
  const finish_reason = quirks.finish === 'missing' ? null : calls.length > 0 ? 'tool_calls' : finish;
  return {
    ...{ id: idOf(counted), object: 'chat.completion', created: 1, model: counted.model },
    choices: [{ index: 0, message, logprobs: null, finish_reason }],
    ...(quirks.usage === 'missing' ? {} : { usage: usageOf(said, counted) }),
  };
}

function idOf({ number = 1 }: Counted): string {
  return `chatcmpl-${number}`;
}

function chunkOf(choice: Event | null, counted: Counted): Event {
  const { model } = counted;
  return {
    ...{ id: idOf(counted), object: 'chat.completion.chunk', created: 1, model, system_fingerprint: null },
    choices: choice === null ? [] : [{ ...choice, logprobs: null }],
  };
}

function deltasOf({ text = '', reasoning = '', calls = [], quirks = {} }: Said): readonly Event[] {
  const content = (token: string) => (quirks.content === 'parts' ? [{ type: 'text', text: token }] : token);
  const said = [
    ...tokensOf(reasoning).map((token) => ({ [quirks.reasoning ?? 'reasoning_content']: token })),
    ...tokensOf(text).map((token) => ({ content: content(token) })),
    ...calls.flatMap((call, index) => callDeltas(call, index, quirks)),
  ];
  if (quirks.role === 'missing') return said;
  if (quirks.role === 'every') return said.map((delta) => ({ role: 'assistant', ...delta }));
  return [{ role: quirks.role === 'null' ? null : 'assistant', content: '' }, ...said];
}

function callDeltas({ id, name, pieces }: ScriptedCall, index: number, quirks: Quirks): readonly Event[] {
  const at = quirks.toolIndex === 'missing' ? {} : { index: quirks.toolIndex === 'always-0' ? 0 : index };
  const named = (first: boolean) => ({
    ...((quirks.toolId === undefined && first) || quirks.toolId === 'every' ? { id } : {}),
    ...(first ? { type: 'function' } : {}),
  });
  const call = (entry: Event, said: Event) => ({ tool_calls: [{ ...at, ...entry, function: said }] });
  if (quirks.input === 'value')
    return [call(named(true), { name, arguments: JSON.parse(pieces.join('')) as unknown })];
  const rest = pieces.map((piece) =>
    call(named(false), { ...(quirks.toolName === 'every' ? { name } : {}), arguments: piece }),
  );
  if (quirks.toolName !== 'after-input') return [call(named(true), { name, arguments: '' }), ...rest];
  const [head, ...tail] = rest;
  return [
    call(named(true), { arguments: '' }),
    ...(head ? [head] : []),
    call(named(false), { name }),
    ...tail,
  ];
}
