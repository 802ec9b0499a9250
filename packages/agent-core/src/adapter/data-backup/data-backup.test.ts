import {
  appendFileSync,
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
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm, FAILPOINTS, type Failpoint } from '../../failpoint/index.ts';
import { commitOf, remark } from '../../testing/event-sample.ts';
import { contentsOf, fillFolder } from '../../testing/filled-folder.ts';
import { aScope, dataSchemas, openLocalStore, temporaryFolder } from '../../testing/local-store.ts';
import { acquire } from '../data-folder/index.ts';
import { systemClock } from '../system/index.ts';
import { createBackupList, makeBackup, type Restored, restoreBackup } from './index.ts';

let root: string;
let remove: () => void;
let folder: string;
let target: string;
beforeEach(async () => {
  ({ path: root, remove } = temporaryFolder());
  folder = join(root, 'data');
  target = join(root, 'elsewhere', 'backup');
  await fillFolder(folder, { runs: 3, events: 5, name: 'a' });
});
afterEach(() => remove());

const common = { schemas: dataSchemas, clock: systemClock };
const backUp = (id = 'b1', to = target) =>
  makeBackup({ ...common, folder, target: to, id, product: '0.0.0' });

async function restore(to = folder): Promise<Restored> {
  const owned = acquire(to);
  if (!owned.owned) throw new Error('another process owns the data folder');
  try {
    return await restoreBackup({ ...common, folder: to, from: target });
  } finally {
    owned.release();
  }
}

/** What lies where the backup was to be, and beside it. */
const left = () => (existsSync(dirname(target)) ? readdirSync(dirname(target)) : []);

describe('a backup of a data folder', () => {
  it('says what it holds, and restores to it in a folder that was empty', async () => {
    const { counts } = await backUp();
    expect(counts).toMatchObject({
      ...{ events: 15, runs: 3, documents: 1, updates: 3, memories: 3 },
      ...{ texts: 6, textsMissing: 0, textsDamaged: 0, plans: 1, commands: 1, files: 11 },
    });
    const other = join(root, 'other');
    expect(await restore(other)).toMatchObject({
      counts,
      later: [{ facts: 0 }, { facts: 0 }, { facts: 0 }],
    });
    expect(await contentsOf(other)).toEqual(await contentsOf(folder));
    expect(readFileSync(join(other, 'plans', 'a.yaml'), 'utf8')).toBe('name: a\n');
    expect(left()).toEqual(['backup']);
  });

  it('is of one moment, while the ledger is being written to', async () => {
    const store = await openLocalStore(folder);
    const scope = aScope();
    let written = 5;
    const writing = setInterval(() => {
      const events = [remark(`more-${written}`, 'more')];
      void store.ledger.commit(commitOf(scope, { stream: 'run/a-0', expected: written, events }));
      written += 1;
    });
    try {
      for (let n = 0; n < 5; n += 1) {
        const path = join(root, `backup-${n}`);
        const { counts } = await backUp(`b${n}`, path);
        expect(counts.events).toBeGreaterThanOrEqual(15);
      }
    } finally {
      clearInterval(writing);
      store.close();
    }
    expect(written).toBeGreaterThan(6);
  });

  it('is answered the same when it is asked for again, and takes the place of nothing', async () => {
    const made = await backUp();
    expect(await backUp()).toEqual(made);
    const taken = { fault: { code: 'BACKUP_PLACE_REFUSED', data: { why: 'taken' } } };
    await expect(backUp('b2')).rejects.toMatchObject(taken);
    await expect(backUp('b2', join(folder, 'backup'))).rejects.toMatchObject({
      fault: { code: 'BACKUP_PLACE_REFUSED', data: { why: 'inside' } },
    });
    mkdirSync(join(root, 'mine'));
    await expect(backUp('b2', join(root, 'mine'))).rejects.toMatchObject(taken);
    expect(left()).toEqual(['backup']);
  });

  it('is found again in the folder it was made in, newest first, beside one that is not whole any more', async () => {
    const list = createBackupList({ ...common, folder });
    const place = dirname(target);
    const empty = { folder: place, backups: [], more: 0 };
    expect(await list(place)).toMatchObject(empty);
    const { counts, time } = await backUp();
    expect((await list(place)).backups).toEqual([{ ok: true, path: target, time, counts }]);
    const next = (await list(place)).next;
    expect(await backUp('b2', next)).toMatchObject({ path: next });
    writeFileSync(join(target, 'manifest.json'), '{}');
    mkdirSync(join(place, 'holiday'));
    expect((await list(place)).backups).toMatchObject([
      { ok: false, path: target, fault: { code: 'BACKUP_BROKEN', data: { reason: 'not-a-backup' } } },
      { ok: true, path: next },
    ]);
    expect((await list(null)).folder).toBe(`${folder}-backups`);
    expect((await list(place)).next).not.toBe(next);
  });

  it.each(['elsewhere', '~/backups'])(
    'is neither made nor looked for at %s, which is no whole path',
    async (path) => {
      const refused = { fault: { code: 'BACKUP_PLACE_REFUSED', data: { path, why: 'relative' } } };
      await expect(backUp('b1', path)).rejects.toMatchObject(refused);
      await expect(createBackupList({ ...common, folder })(path)).rejects.toMatchObject(refused);
    },
  );

  it('of a folder with nothing in it is one too', async () => {
    folder = join(root, 'new');
    mkdirSync(folder);
    expect((await backUp()).counts).toMatchObject({ events: 0, files: 0 });
    await restore();
  });

  it('leaves out what is damaged or gone of the stored texts, and says so', async () => {
    const content = join(folder, 'content');
    const texts = readdirSync(content, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\w{64}$/.test(name),
    );
    const named = texts.filter((name) => readFileSync(join(content, name), 'utf8').startsWith('goal'));
    truncateSync(join(content, named[0] ?? ''), 10);
    rmSync(join(content, named[1] ?? ''));
    expect((await backUp()).counts).toMatchObject({ texts: 2, textsMissing: 1, textsDamaged: 1 });
  });

  it.each(['ledger', 'documents', 'memory'])(
    'of a damaged %s is refused, and nothing is left of it',
    async (name) => {
      const file = join(folder, `${name}.db`);
      const bytes = readFileSync(file);
      const at = bytes.lastIndexOf(name === 'documents' ? 'person:p1' : 'a-1');
      writeFileSync(file, bytes.fill('x', at, at + 3));
      await expect(backUp()).rejects.toMatchObject({
        fault: { code: expect.stringMatching(/DAMAGED|BROKEN/) },
      });
      expect(left()).toEqual([]);
    },
  );

  it('where nothing can be written is refused, and says why', async () => {
    writeFileSync(dirname(target), 'a file');
    await expect(backUp()).rejects.toMatchObject({
      fault: { code: 'BACKUP_PLACE_REFUSED', data: { why: 'unwritable', reason: 'ENOTDIR' } },
    });
  });

  const points = FAILPOINTS.filter((name) => name.startsWith('backup.'));

  it.each(points)('cut off at %s is whole or not there, and can be made again', async (at: Failpoint) => {
    const disarm = arm(at, () => {
      throw Object.assign(new Error('cut off'), { code: 'ENOSPC' });
    });
    const made = await backUp().catch((error: unknown) => error);
    disarm();
    if (existsSync(target)) expect(await backUp()).toMatchObject({ path: target });
    else expect(made).toMatchObject({ fault: { code: 'DISK_FULL' } });
    await backUp();
    expect(left()).toEqual(['backup']);
  });
});

describe('restoring', () => {
  it('keeps what was there aside, and says how much of it came later', async () => {
    await backUp();
    const before = await contentsOf(folder);
    await fillFolder(folder, { runs: 2, events: 4, name: 'b' });
    const after = await contentsOf(folder);
    const { later, aside } = await restore();
    expect(later).toEqual([
      { database: 'ledger', facts: 8 },
      { database: 'documents', facts: 2 },
      { database: 'memory', facts: 2 },
    ]);
    expect(await contentsOf(folder)).toEqual(before);
    expect(existsSync(join(folder, 'plans', 'b.yaml'))).toBe(false);
    expect(await contentsOf(aside ?? '')).toEqual(after);
  });

  it('leaves a folder that the list of backups tells of, with its time and size, beside damaged files', async () => {
    const list = createBackupList({ ...common, folder });
    expect((await list(null)).aside).toEqual([]);
    await backUp();
    const { aside } = await restore();
    mkdirSync(join(folder, 'quarantine', 'ledger.20200102T030405006Z'), { recursive: true });
    writeFileSync(join(folder, 'quarantine', 'ledger.20200102T030405006Z', 'ledger.db'), 'x'.repeat(1234));
    const [replaced, damaged, ...others] = (await list(null)).aside;
    expect(replaced).toMatchObject({ path: aside, why: 'replaced' });
    expect(replaced?.path.endsWith(replaced.time?.replace(/[-:.]/g, '') ?? 'no time')).toBe(true);
    expect(replaced?.bytes).toBeGreaterThan(statSync(join(aside ?? '', 'ledger.db')).size);
    expect(damaged).toMatchObject({ why: 'damaged', time: '2020-01-02T03:04:05.006Z', bytes: 1234 });
    expect(others).toEqual([]);
  });

  it('takes the place of a ledger that cannot be read any more', async () => {
    await backUp();
    const before = await contentsOf(folder);
    writeFileSync(join(folder, 'ledger.db'), 'a letter '.repeat(1000));
    expect((await restore()).later[0]).toEqual({ database: 'ledger', facts: null });
    expect(await contentsOf(folder)).toEqual(before);
  });

  it('refuses whatever is not a whole backup, and changes nothing', async () => {
    await backUp();
    const before = await contentsOf(folder);
    const good = `${target}.good`;
    cpSync(target, good, { recursive: true });
    const content =
      readdirSync(target, { recursive: true, encoding: 'utf8' }).find((name) => /\w{64}$/.test(name)) ?? '';
    const spoil: [string, () => void][] = [
      ['missing', () => rmSync(join(target, 'documents.db'))],
      ['checksum', () => appendFileSync(join(target, 'memory.db'), 'x')],
      ['checksum', () => writeFileSync(join(target, content), 'x')],
      ['not-a-backup', () => rmSync(join(target, 'manifest.json'))],
      ['not-a-backup', () => rmSync(target, { recursive: true })],
      ['not-a-backup', () => changeManifest((text) => text.replace('"events": 15', '"events": 16'))],
      ['not-a-backup', () => changeManifest((text) => text.replace('plans/a.yaml', '../a.yaml'))],
    ];
    for (const [reason, damage] of spoil) {
      damage();
      await expect(restore()).rejects.toMatchObject({ fault: { code: 'BACKUP_BROKEN', data: { reason } } });
      rmSync(target, { recursive: true, force: true });
      cpSync(good, target, { recursive: true });
    }
    expect(await contentsOf(folder)).toEqual(before);
    expect(readdirSync(folder).filter((name) => /^re/.test(name))).toEqual([]);
  });

  const points = FAILPOINTS.filter((name) => name.startsWith('restore.'));

  it.each(points)('cut off at %s leaves the old or the new, whole', async (at: Failpoint) => {
    await backUp();
    const before = await contentsOf(folder);
    await fillFolder(folder, { runs: 1, events: 2, name: 'b' });
    const after = await contentsOf(folder);
    const disarm = arm(at, () => {
      throw Object.assign(new Error('cut off'), { code: 'ENOSPC' });
    });
    await restore().catch(() => undefined);
    disarm();
    const found = await contentsOf(folder);
    const isNew = existsSync(join(folder, 'replaced'));
    expect(found).toEqual(isNew ? before : after);
    expect(isNew).toBe(/swap|agree\.after|clear/.test(at));
    await restore();
    expect(await contentsOf(folder)).toEqual(before);
  });

  function changeManifest(change: (text: string) => string): void {
    const path = join(target, 'manifest.json');
    const text = readFileSync(path, 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(path, change(text));
  }
});
