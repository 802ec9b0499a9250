import type { TurnDelta } from '@soma/schemas/delta';
import { type AssistantMessage, type TurnFinish, type TurnUsage, UNKNOWN_USAGE } from '@soma/schemas/turn';
import { type Answering, at, count, type Fields, fields, list, NAMELESS, text } from '../model-turn/index.ts';

/** What a call counts for beside its input, in characters. */
const CALL_SIZE = 100;

/** Why a model stopped, by the words of the Messages API. */
const FINISHES: Readonly<Record<string, TurnFinish>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'filtered',
};

type Part =
  | { readonly type: 'text' | 'reasoning'; text: string }
  | { readonly type: 'call'; readonly call: string; readonly tool: string; input: string };

/** Puts one answer together from the events of the Messages API; what a later version of it adds is passed over. */
export class Accumulator implements Answering {
  readonly #onDelta: (delta: TurnDelta) => void;
  readonly #turn: string;
  readonly #parts: Part[] = [];
  /** The part of each block that is open or was, by its index. */
  readonly #blocks = new Map<number, Part>();
  #stopped: TurnFinish | null = null;
  hasChoice = false;
  isOver = false;
  usage: TurnUsage = UNKNOWN_USAGE;
  model: string | null = null;
  size = 0;

  constructor(turn: string, onDelta: (delta: TurnDelta) => void) {
    this.#turn = turn;
    this.#onDelta = onDelta;
  }

  get isFinished(): boolean {
    return this.#stopped !== null;
  }

  get finish(): TurnFinish {
    return this.#stopped ?? 'unknown';
  }

  get message(): AssistantMessage {
    return {
      role: 'assistant',
      parts: this.#parts.map((part) => {
        if (part.type !== 'call') return part;
        // A tool that takes nothing is called with no input at all.
        const { call, tool, input } = part;
        return { type: 'tool-call', call, tool, input: input === '' ? '{}' : input };
      }),
    };
  }

  take(value: unknown): boolean {
    const event = fields(value);
    const type = text(event?.type);
    if (event === null || type === null) return false;
    switch (type) {
      case 'message_start':
        this.#begin(fields(event.message));
        break;
      case 'message':
        this.#whole(event);
        break;
      case 'content_block_start':
        this.#open(count(event.index) ?? this.#blocks.size, fields(event.content_block));
        break;
      case 'content_block_delta':
        this.#more(this.#blocks.get(count(event.index) ?? -1) ?? null, fields(event.delta));
        break;
      case 'message_delta':
        this.#stop(text(at(event, 'delta.stop_reason')));
        this.#count(fields(event.usage));
        break;
      case 'message_stop':
        this.isOver = true;
        break;
      default:
    }
    return true;
  }

  #begin(message: Fields | null): void {
    this.model ??= text(message?.model);
    this.#count(fields(message?.usage));
  }

  /** An answer that came in one piece though it was asked for in many. */
  #whole(message: Fields): void {
    this.#begin(message);
    for (const [index, block] of list(message.content).entries()) this.#open(index, fields(block));
    this.#stop(text(message.stop_reason));
    this.hasChoice = true;
  }

  #open(index: number, block: Fields | null): void {
    this.hasChoice = true;
    switch (block?.type) {
      case 'text':
        this.#say(this.#part(index, { type: 'text', text: '' }), text(block.text));
        break;
      case 'thinking':
        this.#say(this.#part(index, { type: 'reasoning', text: '' }), text(block.thinking));
        break;
      case 'tool_use': {
        const call = text(block.id) ?? `${this.#turn}.${index + 1}`;
        const part = this.#part(index, { type: 'call', call, tool: text(block.name) ?? NAMELESS, input: '' });
        this.size += CALL_SIZE;
        const input = fields(block.input);
        const isGiven = input !== null && Object.keys(input).length > 0;
        this.#say(part, isGiven ? JSON.stringify(input) : '');
        break;
      }
      default:
    }
  }

  #part(index: number, part: Part): Part {
    this.#parts.push(part);
    this.#blocks.set(index, part);
    return part;
  }

  #more(part: Part | null, delta: Fields | null): void {
    if (part === null) return;
    if (part.type === 'call') this.#say(part, text(delta?.partial_json));
    else this.#say(part, text(part.type === 'text' ? delta?.text : delta?.thinking));
  }

  /** An empty text is told of a call only, which begins with it. */
  #say(part: Part, more: string | null): void {
    if (more === null) return;
    this.size += more.length;
    if (part.type !== 'call') {
      part.text += more;
      this.#onDelta({ type: part.type, text: more });
      return;
    }
    part.input += more;
    this.#onDelta({ type: 'tool-input', call: part.call, tool: part.tool, text: more });
  }

  #stop(reason: string | null): void {
    if (reason === null) return;
    this.hasChoice = true;
    this.#stopped = FINISHES[reason] ?? 'unknown';
  }

  /** What was read from the cache or written to it is counted beside the rest of the input; counts only grow in what is known. */
  #count(usage: Fields | null): void {
    if (usage === null) return;
    const rest = count(usage.input_tokens);
    const cached = count(usage.cache_read_input_tokens);
    const written = count(usage.cache_creation_input_tokens) ?? 0;
    this.usage = {
      ...this.usage,
      input: rest === null ? this.usage.input : rest + (cached ?? 0) + written,
      cached: rest === null ? this.usage.cached : cached,
      output: count(usage.output_tokens) ?? this.usage.output,
      reasoning: count(at(usage, 'output_tokens_details.thinking_tokens')) ?? this.usage.reasoning,
    };
  }
}
