import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keychain, KeyKeeper } from '@soma/schemas/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm } from '../../failpoint/index.ts';
import { PLANTED } from '../../testing/asked-model.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { KeptSecrets, type Vault } from './index.ts';

/** Locks by turning every byte over: what is on the disk is not the secret, and only this opens it. */
class TurningVault implements Vault {
  now: Keychain = 'here';
  broken = false;
  state = () => this.now;
  seal = (secret: string) => this.#turned(Buffer.from(secret, 'utf8'));
  open = (sealed: Uint8Array) => this.#turned(sealed).toString('utf8');
  #turned(bytes: Uint8Array): Buffer {
    if (this.broken) throw new Error('the keychain does not do it');
    return Buffer.from(bytes.map((byte) => byte ^ 0xa5));
  }
}

describe('kept secrets', () => {
  const scope = scopeOf();
  let folder: ReturnType<typeof temporaryFolder>;
  let vault: TurningVault;
  const open = (keychain: Vault | null = vault) =>
    new KeptSecrets({ file: join(folder.path, 'keys.json'), vault: keychain });
  const keep = (secrets: KeptSecrets, name: string, [keeper, secret = PLANTED]: [KeyKeeper, string?]) =>
    secrets.keep({ scope, name, secret, keeper });
  beforeEach(() => {
    folder = temporaryFolder();
    vault = new TurningVault();
  });
  afterEach(() => folder.remove());

  it('outlast their process in the keychain, and only there', async () => {
    const secrets = open();
    await keep(secrets, 'a', ['keychain']);
    await keep(secrets, 'b', ['session']);
    expect([secrets.place(scope, 'a'), secrets.place(scope, 'b'), secrets.place(scope, 'c')]).toEqual([
      ...['keychain', 'session', 'none'],
    ]);
    const file = join(folder.path, 'keys.json');
    expect(readFileSync(file, 'utf8')).not.toContain(PLANTED);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const later = open();
    expect(await later.get(scope, 'a')).toBe(PLANTED);
    expect(await later.get(scope, 'b')).toBeNull();
    expect(later.place(scope, 'b')).toBe('none');
  });

  it('that move to the session leave the keychain', async () => {
    const secrets = open();
    await keep(secrets, 'a', ['keychain']);
    await keep(secrets, 'a', ['session', 'new']);
    expect(await secrets.get(scope, 'a')).toBe('new');
    expect(open().place(scope, 'a')).toBe('none');
    await keep(secrets, 'a', ['keychain', 'newer']);
    expect(secrets.place(scope, 'a')).toBe('keychain');
    expect(await open().get(scope, 'a')).toBe('newer');
  });

  it.each(['unprotected', 'locked', 'none'] as const)(
    'are not put into a keychain that is %s',
    async (state) => {
      const secrets = open();
      await keep(secrets, 'a', ['keychain']);
      vault.now = state;
      await expect(keep(secrets, 'b', ['keychain'])).rejects.toMatchObject({
        fault: { code: 'KEYCHAIN_UNUSABLE', data: { reason: state } },
      });
      expect(secrets.place(scope, 'a')).toBe('locked');
      expect(await secrets.get(scope, 'a')).toBeNull();
      vault.now = 'here';
      expect(await secrets.get(scope, 'a')).toBe(PLANTED);
    },
  );

  it('are not lost where the keychain fails, or where there is none', async () => {
    const secrets = open();
    await keep(secrets, 'a', ['keychain']);
    vault.broken = true;
    expect(await secrets.get(scope, 'a')).toBeNull();
    await expect(keep(secrets, 'a', ['keychain', 'new'])).rejects.toMatchObject({
      fault: { code: 'KEYCHAIN_UNUSABLE', data: { reason: 'locked' } },
    });
    const without = open(null);
    expect([without.keychain(), without.place(scope, 'a')]).toEqual(['none', 'locked']);
    await keep(without, 'b', ['session']);
    vault.broken = false;
    expect(await open().get(scope, 'a')).toBe(PLANTED);
  });

  it('go when nothing is left that they were for', async () => {
    const secrets = open();
    await keep(secrets, 'a', ['keychain']);
    await keep(secrets, 'b', ['keychain']);
    await keep(secrets, 'c', ['session']);
    await secrets.keepOnly(scope, ['b']);
    expect(['a', 'b', 'c'].map((name) => secrets.place(scope, name))).toEqual(['none', 'keychain', 'none']);
    expect(open().place(scope, 'a')).toBe('none');
  });

  it('whose file is no such file are given again', async () => {
    await keep(open(), 'a', ['keychain']);
    for (const wrong of ['{', '{"version":2}', '{"version":1,"sealed":{"a":"<>"}}']) {
      writeFileSync(join(folder.path, 'keys.json'), wrong);
      const secrets = open();
      expect(secrets.place(scope, 'a')).toBe('none');
      await keep(secrets, 'a', ['keychain']);
      expect(await open().get(scope, 'a')).toBe(PLANTED);
    }
  });

  it.each(['secret.keep.before', 'secret.keep.after'] as const)(
    'cut off at %s are the old or the new',
    async (at) => {
      await keep(open(), 'a', ['keychain', 'old']);
      const disarm = arm(at, () => {
        throw new Error('cut off');
      });
      await expect(keep(open(), 'a', ['keychain', 'new'])).rejects.toThrow('cut off');
      disarm();
      expect(await open().get(scope, 'a')).toBe(at.endsWith('before') ? 'old' : 'new');
    },
  );
});
