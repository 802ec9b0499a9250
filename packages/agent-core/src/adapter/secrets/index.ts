import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Keychain, KeyPlace } from '@soma/schemas/contract';
import { FaultError, type Scope } from '@soma/schemas/event';
import { z } from 'zod';
import { durably } from '../../failpoint/index.ts';
import type { KeepRequest, SecretStore } from '../../port/index.ts';
import { isCode, makeDirectory, withFaults, writeWhole } from '../data-folder/index.ts';

/** What locks and unlocks with a key that the system's keychain holds. */
export interface Vault {
  state(): Keychain;
  /** Both throw where the keychain does not do it now. */
  seal(secret: string): Uint8Array;
  open(sealed: Uint8Array): string;
}

export interface KeptSecretsOptions {
  /** Absolute path of the file of sealed secrets. */
  readonly file: string;
  /** Null where no keychain can be reached: then secrets are kept in memory only. */
  readonly vault: Vault | null;
}

/** Sealed secrets by name, in base64. Without the keychain they say nothing. */
const Sealed = z.object({ version: z.literal(1), sealed: z.record(z.string(), z.base64()) });

/** Keeps secrets in memory, and in a file only what the system's keychain has sealed. */
export class KeptSecrets implements SecretStore {
  readonly #options: KeptSecretsOptions;
  readonly #session = new Map<string, string>();
  #sealed: Readonly<Record<string, string>>;

  constructor(options: KeptSecretsOptions) {
    this.#options = options;
    this.#sealed = readSealed(options.file);
  }

  keychain(): Keychain {
    return this.#options.vault?.state() ?? 'none';
  }

  async get(_scope: Scope, name: string): Promise<string | null> {
    const held = this.#session.get(name);
    const sealed = this.#sealed[name];
    const { vault } = this.#options;
    if (held !== undefined || sealed === undefined) return held ?? null;
    if (vault?.state() !== 'here') return null;
    try {
      return vault.open(Buffer.from(sealed, 'base64'));
    } catch {
      // Locked meanwhile, or sealed by another keychain.
      return null;
    }
  }

  place(_scope: Scope, name: string): KeyPlace {
    if (this.#session.has(name)) return 'session';
    if (!Object.hasOwn(this.#sealed, name)) return 'none';
    return this.keychain() === 'here' ? 'keychain' : 'locked';
  }

  async keep({ name, secret, keeper }: KeepRequest): Promise<void> {
    if (keeper === 'session') {
      this.#write(without(this.#sealed, name));
      this.#session.set(name, secret);
      return;
    }
    this.#write({ ...this.#sealed, [name]: this.#seal(secret) });
    this.#session.delete(name);
  }

  async keepOnly(_scope: Scope, names: readonly string[]): Promise<void> {
    for (const name of this.#session.keys()) if (!names.includes(name)) this.#session.delete(name);
    this.#write(Object.fromEntries(Object.entries(this.#sealed).filter(([name]) => names.includes(name))));
  }

  #seal(secret: string): string {
    const state = this.keychain();
    const { vault } = this.#options;
    if (state !== 'here' || vault === null) throw new FaultError('KEYCHAIN_UNUSABLE', { reason: state });
    try {
      return Buffer.from(vault.seal(secret)).toString('base64');
    } catch {
      throw new FaultError('KEYCHAIN_UNUSABLE', { reason: 'locked' });
    }
  }

  #write(sealed: Readonly<Record<string, string>>): void {
    const { file } = this.#options;
    const text = `${JSON.stringify({ version: 1, sealed })}\n`;
    if (text !== `${JSON.stringify({ version: 1, sealed: this.#sealed })}\n`) {
      withFaults({ path: file }, () =>
        durably('secret.keep', () => {
          makeDirectory(dirname(file));
          writeWhole(file, text);
        }),
      );
    }
    this.#sealed = sealed;
  }
}

/** What cannot be read is as good as sealed by a keychain that is gone: the keys are given again. */
function readSealed(file: string): Readonly<Record<string, string>> {
  try {
    return Sealed.parse(JSON.parse(readFileSync(file, 'utf8'))).sealed;
  } catch (error) {
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}

function without(sealed: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> {
  const { [name]: _, ...rest } = sealed;
  return rest;
}
