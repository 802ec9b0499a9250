import type { Scope } from '@soma/schemas/event';

/** The one source of keys. What it gives is used in the call it was asked for and kept nowhere. */
export interface Secrets {
  /** The secret of this name; null where none is kept, or its keeper is locked. */
  get(scope: Scope, name: string): Promise<string | null>;
}
