import type { Scope } from '@soma/schemas/event';
import type { RunSummary } from '@soma/schemas/run';

export interface RunPageRequest {
  readonly scope: Scope;
  readonly cursor: string | null;
  readonly limit: number;
  /** `active`: only runs that have not ended. */
  readonly only: 'all' | 'active';
}

/** Newest first; `cursor` is null on the last page. */
export interface RunPage {
  readonly runs: readonly RunSummary[];
  readonly cursor: string | null;
}

/** Tables for reading, written inside the same commit by pure projections, and rebuildable from the log at any time. */
export interface ReadModel {
  page(request: RunPageRequest): Promise<RunPage>;
  get(scope: Scope, run: string): Promise<RunSummary | null>;
  rebuild(scope: Scope): Promise<void>;
}
