/** The one source of time. `now` is RFC 3339 in UTC with milliseconds; `monotonicMs` only ever grows. */
export interface Clock {
  now(): string;
  monotonicMs(): number;
  /** Resolves after `ms`, or rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The one source of identity. */
export interface Ids {
  /** A new unique id that sorts by creation. */
  next(): string;
  /** A new W3C `traceparent`. */
  traceparent(): string;
}

/** SHA-256 of UTF-8 text as lower-case hexadecimal digits. */
export interface Hasher {
  sha256(text: string): string;
}
