import { json } from './read.ts';

/** What an answer turns out to be, from its first character on. */
type Kind = 'events' | 'whole' | 'page' | null;

export interface StreamEvents {
  /** The JSON of one event, or of an answer that came whole. Undefined where it is no JSON. */
  readonly onValue: (value: unknown, whole: boolean) => void;
  /** The protocol's own end. */
  readonly onDone: () => void;
}

/**
 * Server-sent events out of bytes, as they come: any line ending, any cut between two reads, comments left out. An answer that came as
 * one JSON text in spite of what was asked is given as one value at the end.
 */
export class EventReader {
  readonly #decoder = new TextDecoder();
  readonly #events: StreamEvents;
  #rest = '';
  #data: string | null = null;
  #kind: Kind = null;

  constructor(events: StreamEvents) {
    this.#events = events;
  }

  /** Characters that wait for the end of their line. */
  get waiting(): number {
    return this.#rest.length + (this.#data?.length ?? 0);
  }

  /** A web page came. */
  get isPage(): boolean {
    return this.#kind === 'page';
  }

  /** Something came, and it was no event. */
  get isStrange(): boolean {
    return this.#kind === null && this.#rest.trim() !== '';
  }

  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The end of the bytes. */
  end(): void {
    this.#take(this.#decoder.decode());
    if (this.#kind === 'whole') this.#events.onValue(json(this.#rest), true);
    if (this.#kind !== 'events') return;
    // The last event counts also where the blank line after it is missing.
    if (this.#rest !== '') this.#line(this.#rest);
    this.#dispatch();
  }

  #take(text: string): void {
    if (text === '') return;
    this.#rest = this.#rest === '' ? text : this.#rest + text;
    if (this.#kind === null) this.#kind = kindOf(this.#rest);
    if (this.#kind !== 'events') return;
    let from = 0;
    for (;;) {
      const end = this.#rest.indexOf('\n', from);
      if (end === -1) break;
      this.#line(this.#rest.slice(from, this.#rest[end - 1] === '\r' && end > from ? end - 1 : end));
      from = end + 1;
    }
    if (from > 0) this.#rest = this.#rest.slice(from);
  }

  #line(line: string): void {
    if (line === '') this.#dispatch();
    if (!line.startsWith('data:')) return;
    const data = line.slice(line[5] === ' ' ? 6 : 5);
    this.#data = this.#data === null ? data : `${this.#data}\n${data}`;
  }

  #dispatch(): void {
    const data = this.#data;
    if (data === null) return;
    this.#data = null;
    if (data.trim() === '[DONE]') this.#events.onDone();
    else if (data.trim() !== '') this.#events.onValue(json(data), false);
  }
}

function kindOf(text: string): Kind {
  const start = text.trimStart().replace(/^\uFEFF/, '');
  if (start === '') return null;
  if (start.startsWith('<')) return 'page';
  if (start.startsWith('{') || start.startsWith('[')) return 'whole';
  return /^(:|data|event|id|retry)/.test(start) ? 'events' : null;
}
