import type { Keychain, KeyKeeper, KeyPlace } from '@soma/schemas/contract';
import type { Scope } from '@soma/schemas/event';

/** The one source of keys. What it gives is used in the call it was asked for and kept nowhere. */
export interface Secrets {
  /** The secret of this name; null where none is kept, or its keeper is locked. */
  get(scope: Scope, name: string): Promise<string | null>;
}

/** Keeps keys: in the system's keychain where one protects them, else in memory for as long as this host lives. */
export interface SecretStore extends Secrets {
  keychain(): Keychain;
  /** Where the secret of this name lies; *none* also where it was kept for a session that is over. */
  place(scope: Scope, name: string): KeyPlace;
  /** Keeps a secret in the place of what had this name. Rejects with FaultError KEYCHAIN_UNUSABLE or DISK_FULL; what was kept stays then. */
  keep(request: KeepRequest): Promise<void>;
  /** Drops every secret whose name is not among these. */
  keepOnly(scope: Scope, names: readonly string[]): Promise<void>;
}

export interface KeepRequest {
  readonly scope: Scope;
  readonly name: string;
  readonly secret: string;
  readonly keeper: KeyKeeper;
}
