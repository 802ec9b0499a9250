import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
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

  it('are collected when nothing refers to them, with what a crash left half written', async () => {
    const [kept, gone] = [await put('kept'), await put('gone')];
    const left = `${stored().find((path) => path.endsWith(gone))}.99.part`;
    writeFileSync(left, 'half');
    files = new ContentFiles({ folder });
    const fresh = await put('fresh');
    const found = await files.collect(scope, (hash) => hash === kept);
    expect(found).toEqual({ files: 2, bytes: INLINE_LIMIT + 1 + 4 });
    expect(
      stored()
        .map((path) => path.slice(-64))
        .sort(),
    ).toEqual([kept, fresh].sort());
  });

  it('that this process put are spared until an event has named them once', async () => {
    const hash = await put('one');
    expect((await files.collect(scope, () => false)).files).toBe(0);
    expect((await files.collect(scope, (one) => one === hash)).files).toBe(0);
    expect((await files.collect(scope, () => false)).files).toBe(1);
  });

  it('of other workspaces are not collected', async () => {
    await files.put(scopeOf('other'), text('other'), 'text/plain');
    files = new ContentFiles({ folder });
    expect((await files.collect(scope, () => false)).files).toBe(0);
    expect(stored()).toHaveLength(1);
  });
});
