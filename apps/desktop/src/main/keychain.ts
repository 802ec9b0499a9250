import type { Vault } from '@soma/agent-core/adapter/secrets';
import type { Keychain } from '@soma/schemas/contract';
import { safeStorage } from 'electron';

/** Locks keys with one that the system's keychain holds. */
export function systemVault(): Vault {
  return {
    state,
    seal: (secret) => safeStorage.encryptString(secret),
    open: (sealed) => safeStorage.decryptString(Buffer.from(sealed)),
  };
}

function state(): Keychain {
  // Without a keyring Chromium locks with a password that stands in its source.
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text')
    return 'unprotected';
  return safeStorage.isEncryptionAvailable() ? 'here' : 'locked';
}
