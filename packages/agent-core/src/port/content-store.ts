import type { Content, Scope } from '@soma/schemas/event';

/** Text by its hash: deduplicated and bounded. An erased text leaves its hash in the log and answers null here. */
export interface ContentStore {
  /** Durable before it returns. Text of at most INLINE_LIMIT bytes comes back inline and is not stored apart. Throws FaultError TOOL_OUTPUT_TOO_LARGE above the store's bound, DISK_FULL. */
  put(scope: Scope, text: string, mediaType: string): Promise<Content>;
  /** The text, checked against its hash; null when erased or never stored. */
  get(scope: Scope, content: Content): Promise<string | null>;
  erase(scope: Scope, hash: string): Promise<void>;
}
