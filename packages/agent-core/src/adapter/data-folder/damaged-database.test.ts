import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  add,
  clock,
  count,
  falsify,
  first,
  folder,
  moveTo,
  open,
  path,
  schemaOf,
} from '../../testing/fact-database.ts';
import { backupsOf, type DatabaseSchema } from './index.ts';

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
      moveTo(path('copy'));
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
