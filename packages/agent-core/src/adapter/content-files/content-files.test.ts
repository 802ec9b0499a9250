import {
  appendFileSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { INLINE_LIMIT } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ContentStoreUnderTest,
  contentStoreConformance,
} from '../../testing/content-store-conformance.ts';
import { scopeOf } from '../../testing/event-sample.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { ContentFiles } from './index.ts';

const limitBytes = 100_000;
const scope = scopeOf();

function open(folder: string, remove: () => void): ContentStoreUnderTest {
  return {
    store: new ContentFiles({ folder, limitBytes }),
    limitBytes,
    reopen: async () => open(folder, remove),
    close: async () => remove(),
  };
}

contentStoreConformance('The store of content files', async () => {
  const { path, remove } = temporaryFolder();
  return open(path, remove);
});

describe('content files', () => {
  let folder: string;
  let remove: () => void;
  let files: ContentFiles;
  beforeEach(() => {
    ({ path: folder, remove } = temporaryFolder());
    files = new ContentFiles({ folder });
  });
  afterEach(() => remove());

  const text = (of: string) => of.padEnd(INLINE_LIMIT + 1, '.');
  const put = async (of: string) => (await files.put(scope, text(of), 'text/plain')).hash;
  const stored = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  it('are named by their hash and readable by nobody else', async () => {
    const hash = await put('one');
    expect(stored()).toHaveLength(1);
    expect(stored()[0]).toMatch(new RegExp(`/${hash.slice(0, 2)}/${hash}$`));
    expect(statSync(stored()[0] ?? '').mode & 0o077).toBe(0);
  });

  it('that hold other bytes than were put are never given out', async () => {
    const hash = await put('one');
    const content = { hash, size: INLINE_LIMIT + 1, mediaType: 'text/plain' };
    const path = stored()[0] ?? '';
    const bytes = readFileSync(path);
    const spoil = [
      () => appendFileSync(path, 'x'),
      () => truncateSync(path, 10),
      () => truncateSync(path, 0),
      () => writeFileSync(path, Buffer.from(bytes).fill(0, 100, 101)),
    ];
    for (const damage of spoil) {
      writeFileSync(path, bytes);
      damage();
      await expect(files.get(scope, content)).rejects.toMatchObject({
        fault: { code: 'DATABASE_DAMAGED', data: { hash } },
      });
    }
  });

  it('that were damaged are whole again once the same text is put by a new process', async () => {
    const hash = await put('one');
    truncateSync(stored()[0] ?? '', 10);
    files = new ContentFiles({ folder });
    await put('one');
    expect(await files.get(scope, { hash, size: INLINE_LIMIT + 1, mediaType: 'text/plain' })).toBe(
      text('one'),
    );
  });

  const ALWAYS = '9999-12-31T00:00:00.000Z';
  const allBut = (kept: string) => async (hashes: ReadonlySet<string>) =>
    new Set([...hashes].filter((hash) => hash !== kept));
  const names = () =>
    stored()
      .map((path) => path.slice(-64))
      .sort();

  it('are collected when nothing refers to them, with what a crash left half written', async () => {
    const [kept, gone] = [await put('kept'), await put('gone')];
    const left = `${stored().find((path) => path.endsWith(gone))}.99.part`;
    writeFileSync(left, 'half');
    const found = await files.collect(scope, { before: ALWAYS, limit: 100, unnamed: allBut(kept) });
    expect(found).toEqual({ files: 2, bytes: INLINE_LIMIT + 1 + 4 });
    expect(names()).toEqual([kept]);
  });

  it('are collected only when they are old, and putting one again makes it new', async () => {
    const [old, again, young] = [await put('old'), await put('again'), await put('young')];
    const long = new Date('2026-01-01T00:00:00.000Z');
    for (const path of stored()) if (!path.endsWith(young)) utimesSync(path, long, long);
    await put('again');
    const collection = { before: '2026-01-02T00:00:00.000Z', limit: 100, unnamed: allBut('') };
    expect((await files.collect(scope, collection)).files).toBe(1);
    expect(names()).toEqual([again, young].sort());
    expect(names()).not.toContain(old);
  });

  it('that are put while a collection looks for their names stay', async () => {
    const hash = await put('one');
    const long = new Date('2026-01-01T00:00:00.000Z');
    utimesSync(stored()[0] ?? '', long, long);
    const unnamed = async (hashes: ReadonlySet<string>) => {
      await put('one');
      return hashes;
    };
    const before = '2026-01-02T00:00:00.000Z';
    expect((await files.collect(scope, { before, limit: 100, unnamed })).files).toBe(0);
    expect(names()).toEqual([hash]);
  });

  it('are looked at so many at a time', async () => {
    for (const of of ['a', 'b', 'c', 'd', 'e']) await put(of);
    const collection = { before: ALWAYS, limit: 2, unnamed: allBut('') };
    expect((await files.collect(scope, collection)).files).toBe(2);
    expect(stored()).toHaveLength(3);
  });

  it('of other workspaces are not collected', async () => {
    await files.put(scopeOf('other'), text('other'), 'text/plain');
    files = new ContentFiles({ folder });
    expect((await files.collect(scope, { before: ALWAYS, limit: 9, unnamed: allBut('') })).files).toBe(0);
    expect(stored()).toHaveLength(1);
  });
});
