import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Vault } from '@soma/agent-core/adapter/secrets';
import type { Keychain } from '@soma/schemas/contract';

/** A keychain of one test: it seals for real, with a key that is nowhere but in its memory, and can be locked. */
export class TestVault implements Vault {
  readonly #key = randomBytes(32);
  now: Keychain = 'here';

  state(): Keychain {
    return this.now;
  }

  seal(secret: string): Uint8Array {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  open(sealed: Uint8Array): string {
    const bytes = Buffer.from(sealed);
    const opener = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12));
    opener.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([opener.update(bytes.subarray(28)), opener.final()]).toString('utf8');
  }
}
