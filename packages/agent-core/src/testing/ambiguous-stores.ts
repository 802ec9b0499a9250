import { expect } from 'vitest';
import type { MemoryEntry } from '../port/index.ts';
import { OPEN_STEPS } from '../room/history.ts';
import { LocalHub } from '../room/index.ts';
import { COMPACT_FROM } from '../room/load.ts';
import { type LocalDocuments, openLocalDocuments } from './local-documents.ts';
import { aScope, folderInMemory, type LocalStore, openLocalStore } from './local-store.ts';
import { type Random, seeded } from './random.ts';
import { type Loss, Striker } from './struck-port.ts';

/** Uses of the stores that no engine makes itself. */
export const STORE_USES = [
  ...(['documents.append', 'documents.load', 'documents.has', 'documents.compact'] as const),
  ...(['content.erase', 'memory.forget'] as const),
] as const;
export type StoreUse = (typeof STORE_USES)[number];

/** Where many cases lie, a document or a workspace each. */
export interface StoreGround {
  readonly documents: LocalDocuments;
  readonly store: LocalStore;
  close(): void;
}

export async function openStoreGround(): Promise<StoreGround> {
  const home = folderInMemory();
  const store = await openLocalStore(home.path);
  const documents = await openLocalDocuments(home.path);
  const close = () => {
    documents.close();
    store.close();
    home.remove();
  };
  return { documents, store, close };
}

interface StoreCase {
  readonly use: StoreUse;
  readonly loss: Loss;
  readonly seed: number;
}

/** One use of a store goes wrong, its user tries again, and nothing is lost or done twice. */
export async function playStoreLoss(ground: StoreGround, one: StoreCase): Promise<{ struck: boolean }> {
  const random = seeded(one.seed);
  // A past is made one update once, when the board is loaded.
  const latest: Partial<Record<StoreUse, number>> = {
    ...{ 'documents.append': 12, 'documents.has': 12, 'documents.compact': 1 },
  };
  const first = 1 + random.below(latest[one.use] ?? 2);
  const striker = new Striker({
    ...{ use: one.use, loss: one.loss, first, times: 1 + random.below(2), asFault: random.below(2) === 0 },
  });
  if (one.use === 'content.erase') await eraseTexts(ground, striker, one.seed);
  else if (one.use === 'memory.forget') await forgetRuns(ground, striker, one.seed);
  else await editBoard(ground, striker, { ...one, random });
  return { struck: striker.struck > 0 };
}

/** Tries what has an answer again and again, as whoever uses a port does. */
async function surely<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 4) throw error;
    }
  }
}

async function editBoard(
  { documents }: StoreGround,
  striker: Striker,
  { use, loss, seed, random }: StoreCase & { readonly random: Random },
): Promise<void> {
  const place = { scope: aScope(), document: `board-${use}-${loss}-${seed}` };
  const store = striker.around('documents', documents.store);
  if (use === 'documents.compact') await writePast(documents, place.document);
  let hub = new LocalHub({ store });
  const noted = (id: string) => ({
    id,
    kind: 'note' as const,
    x: 0,
    y: 0,
    width: 200,
    height: 100,
    text: id,
  });
  const wished: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    const [author, key] = [random.below(2) === 0 ? 'run:r1' : 'person:ann', `key-${n}`];
    const mutations = [{ type: 'add-node' as const, node: noted(`n${n}`) }];
    await surely(() => hub.mutate({ ...place, author, key, mutations }));
    wished.push(`n${n}`);
    expect(await surely(() => hub.probe({ ...place, key }))).toBe(true);
    if (random.below(3) === 0) {
      await hub.close();
      hub = new LocalHub({ store });
    }
    // A move has no key of its own: whoever does it twice has two of them.
    if (random.below(4) === 0 && loss !== 'twice') {
      await surely(() => hub.undoAll({ ...place, author: 'run:r1' }));
      await surely(() => hub.undoAll({ ...place, author: 'run:r1', redo: true }));
    }
  }
  const shown = await surely(() => hub.snapshot(place));
  const own = shown.nodes.map(({ id }) => id).filter((id) => id.startsWith('n'));
  expect(own.toSorted()).toEqual(wished);
  await hub.close();
  const again = new LocalHub({ store: documents.store });
  expect(await again.snapshot(place)).toEqual(shown);
  await again.close();
  const stored = await documents.store.load(place.scope, place.document);
  const keys = stored.flatMap(({ origin: { key } }) => (key === null ? [] : [key]));
  expect(new Set(keys).size, 'each key is stored once').toBe(keys.length);
}

/** A board whose past is long enough to be made one update. */
async function writePast({ store }: LocalDocuments, document: string): Promise<void> {
  const hub = new LocalHub({ store });
  const place = { scope: aScope(), document };
  const node = { id: 'past', kind: 'note' as const, x: 0, y: 0, width: 200, height: 100, text: 'past' };
  await hub.mutate({ ...place, author: 'person:ben', key: 'past', mutations: [{ type: 'add-node', node }] });
  for (let n = 0; n < OPEN_STEPS + COMPACT_FROM; n += 1) {
    const mutations = [{ type: 'move-nodes' as const, moves: [{ id: 'past', x: n, y: n }] }];
    await hub.mutate({ ...place, author: 'person:ben', key: `past-${n}`, mutations });
  }
  await hub.close();
}

async function eraseTexts({ store }: StoreGround, striker: Striker, seed: number): Promise<void> {
  const scope = aScope({ workspace: `erase-${seed}` });
  const content = striker.around('content', store.content);
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(5000 + (seed % 7)));
  const [one, two, three] = await Promise.all(texts.map((text) => content.put(scope, text, 'text/plain')));
  if (one === undefined || two === undefined || three === undefined) throw new Error('nothing was put');
  for (const { hash } of [one, two]) await surely(() => content.erase(scope, hash));
  expect(await Promise.all([one, two, three].map((text) => content.get(scope, text)))).toEqual([
    ...[null, null],
    texts[2],
  ]);
  // What is put after it was erased is there, however late the answer of the erasing came.
  await surely(() => content.put(scope, texts[0] ?? '', 'text/plain'));
  expect(await content.get(scope, one)).toBe(texts[0]);
}

async function forgetRuns({ store }: StoreGround, striker: Striker, seed: number): Promise<void> {
  const scope = aScope({ workspace: `forget-${seed}` });
  const memory = striker.around('memory', store.memory);
  const folder = '/folder';
  for (const run of ['r1', 'r2', 'r3'])
    for (const task of ['a', 'b']) await memory.remember(scope, entryOf(run, task, folder));
  const recalled = async () => {
    const found = await memory.recall({ scope, folder, by: { name: 'words', text: 'ninja' }, limit: 20 });
    return found.map(({ id }) => id).toSorted();
  };
  await surely(() => memory.forget(scope, { run: 'r1' }));
  await surely(() => memory.forget(scope, { run: 'r2' }));
  expect(await recalled()).toEqual(['r3.a', 'r3.b']);
  expect(await memory.forget(scope, { run: 'r1' })).toBe(0);
  expect(await memory.forget(scope, { folder })).toBe(2);
  expect(await recalled()).toEqual([]);
}

function entryOf(run: string, task: string, folder: string): MemoryEntry {
  const hash = (letter: string) => letter.repeat(64);
  const citation = { path: 'a.md', line: 1, quote: 'The build is called ninja' };
  const claim = { id: 'c', kind: 'quoted' as const, text: 'The build is called ninja', citation };
  return {
    ...{ id: `${run}.${task}`, run, task, folder, fingerprint: hash('a'), plan: hash('b') },
    ...{ tool: 'read_file@1', argumentsHash: hash('c'), tookMs: 5, at: '2026-01-01T00:00:00.000Z' },
    result: { hash: hash('d'), size: 2, mediaType: 'application/json', inline: '{}' },
    claims: [{ claim, verdict: { checked: true, fileHash: hash('f') } }],
  };
}
