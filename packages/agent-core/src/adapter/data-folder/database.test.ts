import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  add,
  clock,
  count,
  first,
  folder,
  open,
  path,
  schemaOf,
  second,
} from '../../testing/fact-database.ts';
import { backUp, backupsOf } from './index.ts';

describe('an open database', () => {
  it('flushes every commit to the disk and enforces references', async () => {
    const file = await open();
    const pragma = (name: string) => file.db.pragma(name, { simple: true });
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('busy_timeout')).toBe(5000);
    file.close();
  });

  it('is made where a crash left the beginning of one', async () => {
    const half = new Database(path('half.db'));
    half.pragma('cache_size = 1');
    half.exec('BEGIN; CREATE TABLE started (bytes BLOB)');
    for (let n = 0; n < 200; n++) half.prepare('INSERT INTO started VALUES (zeroblob(4000))').run();
    for (const end of ['', '-journal']) cpSync(path(`half.db${end}`), path(`facts.db${end}`));
    half.close();
    expect(statSync(path()).size).toBeGreaterThan(0);
    const file = await open();
    expect(file.mended).toBeNull();
    add(file, 1);
    expect(() => file.db.prepare('SELECT * FROM started')).toThrow('no such table');
    file.close();
  });

  it('is found as it was left', async () => {
    const file = await open();
    add(file, 5);
    file.close();
    const again = await open();
    expect(again.mended).toBeNull();
    expect(count(again)).toBe(5);
    again.close();
  });
});

describe('migration', () => {
  it('backs up what was there before it changes anything', async () => {
    const old = await open();
    add(old, 5);
    old.close();
    const file = await open({ schema: schemaOf(first, second) });
    expect(file.db.prepare('SELECT kind FROM facts WHERE n = 5').pluck().get()).toBe('plain');
    expect(file.db.pragma('user_version', { simple: true })).toBe(2);
    file.close();
    const [backup] = backupsOf(folder, 'facts');
    expect(backup).toMatchObject({ version: 1, time: '2026-11-21T10:00:00.000Z' });
    const kept = new Database(backup?.path ?? '', { readonly: true });
    expect(kept.prepare('SELECT count(*) FROM facts').pluck().get()).toBe(5);
    expect(kept.prepare('SELECT * FROM facts').columns()).toHaveLength(2);
    kept.close();
  });

  it('makes no backup of a new database', async () => {
    (await open({ schema: schemaOf(first, second) })).close();
    expect(backupsOf(folder, 'facts')).toEqual([]);
  });

  it('that fails leaves the database at its old version', async () => {
    const old = await open();
    add(old, 5);
    old.close();
    await expect(open({ schema: schemaOf(first, second, 'CREATE TABLE facts (n)') })).rejects.toThrow();
    const again = await open();
    expect(count(again)).toBe(5);
    again.close();
  });

  it('refuses a database of a newer build and leaves it as it is', async () => {
    (await open({ schema: schemaOf(first, second) })).close();
    const before = readFileSync(path());
    await expect(open()).rejects.toMatchObject({
      fault: { code: 'DATA_FOLDER_NEWER', data: { database: 'facts', found: 2, known: 1 } },
    });
    expect(readFileSync(path())).toEqual(before);
  });
});

describe('a backup', () => {
  it('is made when the newest is old enough, and three are kept', async () => {
    const file = await open();
    add(file, 3);
    expect(await file.backup(1000)).toBe(true);
    clock.advance(999);
    expect(await file.backup(1000)).toBe(false);
    for (let n = 0; n < 4; n++) {
      clock.advance(1000);
      expect(await file.backup(1000)).toBe(true);
    }
    const times = backupsOf(folder, 'facts').map(({ time }) => time.slice(17));
    expect(times).toEqual(['04.999Z', '03.999Z', '02.999Z']);
    file.close();
  });

  it('that would not be whole is not kept', async () => {
    const file = await open();
    add(file, 3);
    file.db.prepare("UPDATE facts SET text = 'false' WHERE n = 2").run();
    await expect(file.backup(0)).rejects.toMatchObject({ fault: { code: 'DATABASE_DAMAGED' } });
    expect(readdirSync(join(folder, 'backups'))).toEqual([]);
    file.close();
  });

  it('restores to the same facts while more are being written, every time', async () => {
    const file = await open();
    for (let n = 1; n <= 20; n++) {
      add(file, 25);
      const during = backUp(file.db, { folder, schema: schemaOf(first), clock });
      add(file, 1);
      const { path: made } = await during;
      const kept = new Database(made, { readonly: true });
      expect(kept.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(schemaOf(first).inspect(kept)).toBeNull();
      expect(schemaOf(first).head(kept)).toBeGreaterThanOrEqual(n * 25);
      kept.close();
      clock.advance(1);
    }
    file.close();
  });
});
