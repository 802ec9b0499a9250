import type { CanvasMutation, CanvasSnapshot, FramePort } from '@soma/schemas/canvas';
import type { Scope } from '@soma/schemas/event';

/** Whose window it is; what it edits lies in one undo stack with everything else of this author. */
export interface HubMember {
  readonly scope: Scope;
  /** `person:ID`. */
  readonly author: string;
}

/** One document of one tenant and workspace. */
export interface DocumentAddress {
  readonly scope: Scope;
  readonly document: string;
}

/** `group` joins mutations into one step of undo; left out, everything a `run:ID` does is one step and anybody else's call is one. */
export interface MutateRequest extends DocumentAddress {
  readonly author: string;
  /** Idempotency key: the mutations of one key are applied once. */
  readonly key: string;
  readonly mutations: readonly CanvasMutation[];
  readonly group?: string | undefined;
}

/** Not applied: `same-key`: it was applied before; `unknown-ids`: it names nodes or edges that are not there, and nothing was changed. */
export type MutateAnswer =
  | { readonly applied: true }
  | { readonly applied: false; readonly why: 'same-key' }
  | { readonly applied: false; readonly why: 'unknown-ids'; readonly ids: readonly string[] };

/**
 * Where documents live: every edit of people and agents goes through it, is on disk before it is acknowledged, and reaches everybody
 * who has the document open. Throws FaultError DATABASE_DAMAGED, DISK_FULL, DATA_FOLDER_UNUSABLE, CANVAS_UPDATE_REFUSED, and HOST_UNREACHABLE when its process
 * is gone.
 */
export interface Hub {
  /** Serves a window's document frames until the returned function is called. */
  connect(port: FramePort, member: HubMember): () => void;
  mutate(request: MutateRequest): Promise<MutateAnswer>;
  /** Whether mutations with this key were applied. */
  probe(request: DocumentAddress & { readonly key: string }): Promise<boolean>;
  /**
   * Undoes everything this author did on the document, as one step; with `redo`, brings it back. Others' work stays. `changed`
   * is false when there was nothing to do.
   */
  undoAll(
    request: DocumentAddress & { readonly author: string; readonly redo?: boolean | undefined },
  ): Promise<{ readonly changed: boolean }>;
  snapshot(request: DocumentAddress): Promise<CanvasSnapshot>;
}
