import type { DomainEvent, Fault, RecordedEvent, Scope } from '@soma/schemas/event';

/** A fact on its way into the log. `id` is minted by the caller, so that a repeated commit is recognised. */
export type NewEvent = DomainEvent & { readonly id: string; readonly time: string };

/** Events for one stream. `expected` is the sequence the caller last saw there; 0 means the stream must be new. */
export interface Append {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
}

/** Everything one decision writes. `fence`, when given, must still be the stream's newest lease or nothing is written. */
export interface Commit {
  readonly scope: Scope;
  readonly appends: readonly Append[];
  readonly fence: Fence | null;
}

/** Proof of holding a lease: `token` grows with each holder, so that an old holder is refused for ever. */
export interface Fence {
  readonly stream: string;
  readonly token: number;
}

export type CommitResult =
  | { readonly ok: true; readonly events: readonly RecordedEvent[] }
  | { readonly ok: false; readonly conflict: { readonly stream: string; readonly actual: number } }
  | { readonly ok: false; readonly fault: Fault };

/** Reads one stream (after a sequence) or, with `stream: null`, all of them (after a gap-safe cursor). */
export interface ReadRequest {
  readonly scope: Scope;
  readonly stream: string | null;
  readonly after: number;
  readonly limit: number;
}

/** `cursor` is where to go on: a sequence for one stream, a position in the whole log for all. */
export interface ReadPage {
  readonly events: readonly RecordedEvent[];
  readonly cursor: number;
}

export interface LeaseRequest {
  readonly scope: Scope;
  readonly stream: string;
  readonly holder: string;
  readonly ttlMs: number;
  /** The caller knows that whoever held it is gone, as the one owner of a data folder does: take it before it ends. The fence still refuses the old holder. */
  readonly seize?: boolean;
}

/** Held until `expiresAt` (RFC 3339). `renew` answers false once another holder has taken over. */
export interface Lease {
  readonly fence: Fence;
  readonly expiresAt: string;
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * The append-only log, and the truth. `commit` is atomic over all its appends, and on disk before it returns; read models
 * and the outbox (a copy for the event bus of each event) are written with it. Order is promised within a stream only. A row
 * whose checksum does not match what was written is a `DATABASE_DAMAGED` fault, never an event.
 */
export interface EventStore {
  commit(commit: Commit): Promise<CommitResult>;
  read(request: ReadRequest): Promise<ReadPage>;
  /** Called after each commit with its events, in order; returns the function that ends it. Nothing is replayed: read first. */
  watch(scope: Scope, listener: (events: readonly RecordedEvent[]) => void): () => void;
  /** Answers null while another holder's lease has not ended. */
  lease(request: LeaseRequest): Promise<Lease | null>;
}
