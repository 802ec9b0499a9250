import type { TurnDelta } from '@soma/schemas/delta';
import { type AssistantMessage, type TurnFinish, type TurnUsage, UNKNOWN_USAGE } from '@soma/schemas/turn';
import {
  type Answering,
  at,
  count,
  type Fields,
  fields,
  first,
  json,
  list,
  NAMELESS,
  text,
} from '../model-turn/index.ts';
import { FINISHES, REASONING_FIELDS, USAGE_FIELDS, USAGE_PATHS } from './quirks.table.ts';

/** What a call counts for beside its input, in characters: calls without any must come to an end as well. */
const CALL_SIZE = 100;

interface OpenCall {
  readonly index: number | null;
  id: string | null;
  readonly call: string;
  tool: string;
  input: string;
  /** Characters of the input that were passed on: none before the tool has its name. */
  told: number;
}

type Part =
  | { readonly type: 'text' | 'reasoning'; text: string }
  | { readonly type: 'call'; readonly call: OpenCall };

/** Puts one answer together from its chunks, whatever they leave out. */
export class Accumulator implements Answering {
  readonly #onDelta: (delta: TurnDelta) => void;
  readonly #turn: string;
  readonly #parts: Part[] = [];
  readonly #calls: OpenCall[] = [];
  #finish: TurnFinish | null = null;
  /** A choice came, empty or not: there is an answer. */
  hasChoice = false;
  /** The stream says so itself. */
  readonly isOver = false;
  usage: TurnUsage = UNKNOWN_USAGE;
  model: string | null = null;
  /** Characters of all parts together. */
  size = 0;

  constructor(turn: string, onDelta: (delta: TurnDelta) => void) {
    this.#turn = turn;
    this.#onDelta = onDelta;
  }

  /** Whether the model has said that it stopped. */
  get isFinished(): boolean {
    return this.#finish !== null;
  }

  /** A model that asks for tools and says that it just stopped asks for them all the same. */
  get finish(): TurnFinish {
    const finish = this.#finish ?? 'unknown';
    return finish !== 'length' && finish !== 'filtered' && this.#calls.length > 0 ? 'tool-calls' : finish;
  }

  get message(): AssistantMessage {
    return {
      role: 'assistant',
      parts: this.#parts.map((part) => {
        if (part.type !== 'call') return part;
        const { call, tool, input } = part.call;
        return { type: 'tool-call', call, tool: tool === '' ? NAMELESS : tool, input };
      }),
    };
  }

  /** A chunk, or a whole answer. False where it is neither. */
  take(value: unknown): boolean {
    const chunk = fields(value);
    if (chunk === null) return false;
    this.model ??= text(chunk.model);
    for (const path of USAGE_PATHS) this.#count(fields(at(chunk, path)));
    const choices = list(chunk.choices);
    if (chunk.choices === undefined && !('usage' in chunk) && !('object' in chunk)) return false;
    // One answer was asked for; a second choice would be another one.
    const choice = choices.map(fields).find((one) => one !== null && (count(one.index) ?? 0) === 0);
    if (choice != null) this.#choice(choice);
    return true;
  }

  #choice(choice: Fields): void {
    this.hasChoice = true;
    const said = fields(choice.delta) ?? fields(choice.message);
    if (said !== null) this.#said(said);
    const reason = text(choice.finish_reason);
    if (reason !== null) this.#finish = FINISHES[reason.toLowerCase()] ?? 'unknown';
  }

  #said(said: Fields): void {
    const reasoning = first(said, REASONING_FIELDS, textOf);
    if (reasoning !== null) this.#add('reasoning', reasoning);
    const content = textOf(said.content) ?? textOf(said.refusal);
    if (content !== null) this.#add('text', content);
    if (said.tool_calls != null) for (const call of list(said.tool_calls)) this.#call(fields(call));
    else if (said.function_call != null) this.#call({ index: 0, function: said.function_call });
  }

  #add(type: 'text' | 'reasoning', more: string): void {
    const last = this.#parts.at(-1);
    if (last?.type === type) last.text += more;
    else this.#parts.push({ type, text: more });
    this.size += more.length;
    this.#onDelta({ type, text: more });
  }

  #call(delta: Fields | null): void {
    if (delta === null) return;
    const said = fields(delta.function);
    const name = text(said?.name);
    const call = this.#openCall(delta, name);
    // Some send the name again with every part.
    if (name !== null && call.tool === '') call.tool = name;
    call.id ??= text(delta.id);
    const input = inputOf(said?.arguments);
    call.input += input;
    this.size += input.length;
    if (call.tool === '') return;
    const news = call.input.slice(call.told);
    call.told = call.input.length;
    if (news !== '' || input === '')
      this.#onDelta({ type: 'tool-input', call: call.call, tool: call.tool, text: news });
  }

  /** The call that a delta belongs to: that of its index, unless another id says that a new one begins; without index, by id or order. */
  #openCall(delta: Fields, name: string | null): OpenCall {
    const index = count(delta.index);
    const id = text(delta.id);
    const known = this.#calls.findLast((call) =>
      index === null ? id === null || call.id === id : call.index === index,
    );
    const isNew = known === undefined || (id !== null && known.id !== null && known.id !== id);
    const isNext =
      index === null && id === null && name !== null && known !== undefined && isOver(known, name);
    if (!isNew && !isNext) return known;
    const number = this.#calls.length + 1;
    const taken = id === null || this.#calls.some((call) => call.call === id);
    const call: OpenCall = {
      index,
      id,
      call: taken ? `${this.#turn}.${number}` : id,
      tool: '',
      input: '',
      told: 0,
    };
    this.#calls.push(call);
    this.size += CALL_SIZE;
    this.#parts.push({ type: 'call', call });
    return call;
  }

  /** Counts only grow in what is known: a later chunk without one takes none away. */
  #count(usage: Fields | null): void {
    if (usage === null) return;
    const { input, output, cached, reasoning, dollars } = USAGE_FIELDS;
    const price = first(usage, dollars, (value) =>
      typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null,
    );
    this.usage = {
      input: first(usage, input, count) ?? this.usage.input,
      output: first(usage, output, count) ?? this.usage.output,
      cached: first(usage, cached, count) ?? this.usage.cached,
      reasoning: first(usage, reasoning, count) ?? this.usage.reasoning,
      dollars: price ?? this.usage.dollars,
    };
  }
}

/** Where deltas have neither index nor id, a call is over when another tool is named, or its own again after a whole input. */
function isOver({ tool, input }: OpenCall, name: string): boolean {
  return tool !== '' && (tool !== name || json(input) !== undefined);
}

/** Text, also where it came as a list of parts. */
function textOf(value: unknown): string | null {
  if (!Array.isArray(value)) return text(value);
  return text(value.map((part) => text(at(part, 'text')) ?? '').join(''));
}

/** Input is JSON text; some send the value itself. */
function inputOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value == null ? '' : JSON.stringify(value);
}
