import type { Scope } from '@soma/schemas/event';

/** Who made an update, and whether it was a first doing, an undoing or a redoing. */
export interface UpdateOrigin {
  /** `person:ID` or `run:ID`: one undo stack each. */
  readonly author: string;
  readonly kind: 'edit' | 'undo' | 'redo';
  /** Idempotency key of the tool call that made it; a second append with the same key changes nothing. */
  readonly key: string | null;
  /** Edits of one author with the same group are one step of undo. */
  readonly group: string;
}

export interface StoredUpdate {
  readonly sequence: number;
  readonly update: Uint8Array;
  readonly origin: UpdateOrigin;
}

/** Yjs updates (V1) of canvas documents, in order, each with its origin, so that undo survives a restart. */
export interface DocumentStore {
  /** Durable before it returns. `stored` is false when an update with this key was there already. Throws FaultError DISK_FULL. */
  append(
    scope: Scope,
    document: string,
    entry: Omit<StoredUpdate, 'sequence'>,
  ): Promise<{ sequence: number; stored: boolean }>;
  /** All updates in order; checksums are verified, and a damaged row throws FaultError DATABASE_DAMAGED. */
  load(scope: Scope, document: string): Promise<readonly StoredUpdate[]>;
  /** Whether an update with this idempotency key is stored: the probe of canvas tools. */
  has(scope: Scope, document: string, key: string): Promise<boolean>;
  /** Replaces the updates up to and including `through` by one; never across an open undo scope, which the caller knows. */
  compact(
    scope: Scope,
    document: string,
    replacement: { through: number; update: Uint8Array },
  ): Promise<void>;
}
