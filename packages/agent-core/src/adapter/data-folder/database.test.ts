import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControllableClock } from '../../testing/controllable-clock.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import {
  backUp,
  backupsOf,
  type DatabaseOptions,
  type DatabaseSchema,
  type OpenDatabase,
  openDatabase,
} from './index.ts';

const first =
  'CREATE TABLE facts (n INTEGER PRIMARY KEY, text TEXT NOT NULL CHECK (length(text) < 100)) STRICT';
const second = "ALTER TABLE facts ADD COLUMN kind TEXT NOT NULL DEFAULT 'plain'";

/** A small database with numbered facts; a fact is damaged when it does not say its own number. */
function schemaOf(...migrations: string[]): DatabaseSchema {
  return {
    name: 'facts',
    migrations,
    head: (db) => Number(db.prepare('SELECT coalesce(max(n), 0) FROM facts').pluck().get()),
    inspect: (db) =>
      db.prepare("SELECT 1 FROM facts WHERE text <> 'fact ' || n").get() === undefined ? null : 'fact',
  };
}

let folder: string;
let remove: () => void;
let clock: ControllableClock;
beforeEach(() => {
  ({ path: folder, remove } = temporaryFolder());
  clock = new ControllableClock('2026-11-21T10:00:00.000Z');
});
afterEach(() => remove());

function open(change: Partial<DatabaseOptions> = {}): Promise<OpenDatabase> {
  return openDatabase({
    folder,
    schema: schemaOf(first),
    clock,
    exit: 'unclean',
    whenLost: 'refuse',
    ...change,
  });
}

/** Adds facts as an adapter does: first the commit, then the mark. */
function add(file: OpenDatabase, count: number): void {
  for (let n = 0; n < count; n++) {
    const { lastInsertRowid } = file.db
      .prepare("INSERT INTO facts (text) SELECT 'fact ' || (coalesce(max(n), 0) + 1) FROM facts")
      .run();
    file.mark(Number(lastInsertRowid));
  }
}

function count({ db }: OpenDatabase): number {
  return Number(db.prepare('SELECT count(*) FROM facts').pluck().get());
}

const path = (name = 'facts.db') => join(folder, name);

/** Swaps one fact's text in the closed file for another of the same length. */
function falsify(text: string): void {
  const bytes = readFileSync(path());
  bytes.write(text.replace('fact', 'fuct'), bytes.indexOf(text));
  writeFileSync(path(), bytes);
}

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

describe('a damaged database', () => {
  /** Ten facts in the newest backup, fifteen acknowledged. */
  async function prepare({ backup = true } = {}): Promise<void> {
    const file = await open();
    add(file, 10);
    if (backup) await file.backup(0);
    add(file, 5);
    file.close();
    clock.advance(60_000);
  }

  it('is replaced by the newest good backup, kept aside as it was, and its loss is counted', async () => {
    await prepare();
    falsify('fact 12');
    const damaged = readFileSync(path());
    const file = await open();
    expect(file.mended).toEqual({
      database: 'facts',
      reason: 'fact',
      quarantine: path('quarantine/facts.20261121T100100000Z'),
      base: 'backup',
      backup: '2026-11-21T10:00:00.000Z',
      recovered: 0,
      lost: 5,
    });
    expect(readFileSync(join(file.mended?.quarantine ?? '', 'facts.db'))).toEqual(damaged);
    expect(count(file)).toBe(10);
    add(file, 1);
    file.close();
    const again = await open();
    expect(again.mended).toBeNull();
    expect(count(again)).toBe(11);
    again.close();
  });

  it('passes over backups that are damaged themselves', async () => {
    await prepare();
    const file = await open();
    await file.backup(0);
    file.close();
    const [newest] = backupsOf(folder, 'facts');
    truncateSync(newest?.path ?? '', 3000);
    falsify('fact 12');
    const again = await open();
    expect(again.mended).toMatchObject({ backup: '2026-11-21T10:00:00.000Z', lost: 5 });
    again.close();
  });

  it('without a good backup is refused, says what was there, and is left untouched', async () => {
    await prepare({ backup: false });
    falsify('fact 12');
    const before = readFileSync(path());
    for (let n = 0; n < 2; n++) {
      await expect(open()).rejects.toMatchObject({
        fault: {
          code: 'DATABASE_DAMAGED',
          data: { database: 'facts', reason: 'fact', path: path(), lost: 15 },
        },
      });
    }
    expect(readFileSync(path())).toEqual(before);
    expect(existsSync(path('quarantine'))).toBe(false);
  });

  it('without a good backup goes into quarantine when a person chose to begin anew', async () => {
    await prepare({ backup: false });
    falsify('fact 12');
    const file = await open({ whenLost: 'begin-anew' });
    expect(file.mended).toMatchObject({ base: 'new', backup: null, lost: 15 });
    expect(count(file)).toBe(0);
    expect(existsSync(join(file.mended?.quarantine ?? '', 'facts.db'))).toBe(true);
    add(file, 2);
    file.close();
    const again = await open();
    expect(count(again)).toBe(2);
    again.close();
  });

  it('keeps, beyond its backup, what its schema can still read', async () => {
    await prepare();
    falsify('fact 12');
    const schema: DatabaseSchema = {
      ...schemaOf(first),
      salvage(from, into, last) {
        expect(last).toBe(15);
        const found = from.prepare("SELECT * FROM facts WHERE n > 10 AND text = 'fact ' || n");
        const rows = found.all();
        for (const row of rows) into.prepare('INSERT INTO facts (n, text) VALUES (@n, @text)').run(row);
        return rows.length;
      },
    };
    const file = await open({ schema });
    expect(file.mended).toMatchObject({ base: 'backup', recovered: 4, lost: 1 });
    expect(count(file)).toBe(14);
    file.close();
  });

  it.each<[string, () => void]>([
    ['removed', () => rmSync(path())],
    ['emptied', () => truncateSync(path(), 0)],
    ['cut off', () => truncateSync(path(), 5000)],
    ['overwritten by something else', () => writeFileSync(path(), 'a letter '.repeat(1000))],
  ])('is noticed when the file was %s', async (_, spoil) => {
    await prepare();
    spoil();
    const file = await open();
    expect(file.mended).toMatchObject({ lost: 5 });
    expect(count(file)).toBe(10);
    file.close();
  });

  it.each<[string, number, (wal: string) => void]>([
    ['lost', 3, (wal) => rmSync(wal)],
    ['cut off', 1, (wal) => truncateSync(wal, statSync(wal).size - 100)],
    ['cleared at its head', 3, (wal) => writeFileSync(wal, readFileSync(wal).fill(0, 0, 32))],
    [
      'changed in its last page',
      1,
      (wal) => writeFileSync(wal, readFileSync(wal).fill(0xff, statSync(wal).size - 100)),
    ],
  ])(
    'is noticed when the log of its last commits was %s, and is kept as far as it goes',
    async (_, lost, spoil) => {
      await prepare();
      const file = await open();
      add(file, 3);
      mkdirSync(path('copy'));
      for (const name of ['facts.db', 'facts.db-wal', 'facts.mark', 'backups']) {
        cpSync(path(name), path(`copy/${name}`), { recursive: true });
      }
      file.close();
      folder = path('copy');
      spoil(path('facts.db-wal'));
      const again = await open({ exit: 'clean' });
      expect(again.mended).toMatchObject({ reason: 'behind', base: 'itself', backup: null, lost });
      expect(count(again)).toBe(18 - lost);
      again.close();
    },
  );

  it.each([
    ['found at the next start after an unclean exit', 'unclean' as const, { reason: 'fact', lost: 0 }],
    ['left to the checks of each row after a clean one', 'clean' as const, null],
  ])('in a large file is %s', async (_, exit, mended) => {
    const file = await open();
    file.db.exec('CREATE TABLE ballast (bytes BLOB)');
    file.db.prepare('INSERT INTO ballast VALUES (zeroblob(5000000))').run();
    add(file, 3);
    await file.backup(0);
    file.close();
    falsify('fact 2');
    const again = await open({ exit });
    if (mended === null) expect(again.mended).toBeNull();
    else expect(again.mended).toMatchObject(mended);
    again.close();
  });

  it('in a large file is found at the next start once it was met, however clean the exit', async () => {
    const file = await open();
    file.db.exec('CREATE TABLE ballast (bytes BLOB)');
    file.db.prepare('INSERT INTO ballast VALUES (zeroblob(5000000))').run();
    add(file, 3);
    await file.backup(0);
    file.close();
    falsify('fact 2');
    const met = await open({ exit: 'clean' });
    await expect(met.backup(0)).rejects.toMatchObject({ fault: { code: 'DATABASE_DAMAGED' } });
    add(met, 1);
    met.close();
    const again = await open({ exit: 'clean' });
    expect(again.mended).toMatchObject({ reason: 'fact', base: 'backup', lost: 1 });
    again.close();
    const after = await open({ exit: 'clean' });
    expect(after.mended).toBeNull();
    after.close();
  });

  it('is not suspected when only its mark is damaged or gone', async () => {
    for (const spoil of [
      () => rmSync(path('facts.mark')),
      () => writeFileSync(path('facts.mark'), 'nonsense..!!'),
    ]) {
      await prepare();
      spoil();
      const file = await open();
      expect(file.mended).toBeNull();
      file.close();
    }
  });
});
