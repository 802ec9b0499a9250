import type { CheckedClaim, Content, Scope, Sha256 } from '@soma/schemas/event';

/** What one task came to, kept for later runs. */
export interface MemoryEntry {
  /** Minted by whoever remembers: the same id is the same memory. */
  readonly id: string;
  readonly run: string;
  readonly task: string;
  /** Absolute, resolved path of the folder it is about. */
  readonly folder: string;
  /** State of that folder before the task looked at it; null where it could not be taken. */
  readonly fingerprint: Sha256 | null;
  /** Hash of the plan that was followed. */
  readonly plan: Sha256;
  readonly tool: string;
  readonly argumentsHash: Sha256;
  /** The tool's whole output. */
  readonly result: Content;
  /** What its call took, in milliseconds. */
  readonly tookMs: number;
  /** Verified claims, each with the hash of the file it was read from. */
  readonly claims: readonly CheckedClaim[];
  /** RFC 3339. */
  readonly at: string;
}

/** `task`: what the same task of the same plan with the same arguments came to. `words`: memories whose claims share words with the text. */
export interface RecallRequest {
  readonly scope: Scope;
  readonly folder: string;
  readonly by:
    | {
        readonly name: 'task';
        readonly plan: Sha256;
        readonly task: string;
        readonly tool: string;
        readonly argumentsHash: Sha256;
      }
    | { readonly name: 'words'; readonly text: string };
  readonly limit: number;
}

/**
 * What was learned, by workspace. Nothing here is authority: whoever recalls checks again. Throws FaultError DATABASE_DAMAGED, DISK_FULL,
 * DATA_FOLDER_UNUSABLE.
 */
export interface Memory {
  /** Durable before it returns; an id that is known already changes nothing. */
  remember(scope: Scope, entry: MemoryEntry): Promise<void>;
  /** Newest first for a task, best first for words. */
  recall(request: RecallRequest): Promise<readonly MemoryEntry[]>;
  /** Forgets what one run, or every run on a folder, had left; answers how many memories that were. */
  forget(scope: Scope, of: { readonly run: string } | { readonly folder: string }): Promise<number>;
}
