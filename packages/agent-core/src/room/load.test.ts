import { readCanvas } from '@soma/schemas/canvas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { type LocalDocuments, openLocalDocuments } from '../testing/local-documents.ts';
import { aScope, temporaryFolder } from '../testing/local-store.ts';
import { type Random, seeded } from '../testing/random.ts';
import { type Action, authors, exhaust, World } from '../testing/undo-world.ts';
import { OPEN_STEPS } from './history.ts';
import { COMPACT_FROM, load } from './load.ts';

const scope = aScope();
const document = 'board';
const ids = ['a', 'b', 'c', 'd', 'e'] as const;

function pick<T>(random: Random, from: readonly [T, ...T[]]): T {
  return from[random.below(from.length)] ?? from[0];
}

function anyAction(random: Random): Action {
  const author = pick(random, authors);
  const id = pick(random, ids);
  const dice = random.below(20);
  if (dice === 0) return { do: pick(random, ['undo', 'redo']), author };
  if (dice < 4) return { do: 'type', author, id, at: random.below(30), text: `t${dice}` };
  const at = { x: random.below(1000), y: random.below(1000) };
  const node = { kind: 'note', id, text: `note ${dice}`, ...at, width: 100, height: 50 } as const;
  if (dice === 4)
    return { do: 'edit', author, joined: false, mutation: { type: 'remove', nodes: [id], edges: [] } };
  if (dice < 10) return { do: 'edit', author, joined: false, mutation: { type: 'add-node', node } };
  return { do: 'edit', author, joined: dice > 15, mutation: { type: 'move-nodes', moves: [{ id, ...at }] } };
}

describe('loading a document', () => {
  let home: { path: string; remove: () => void };
  let documents: LocalDocuments;

  beforeEach(async () => {
    home = temporaryFolder();
    documents = await openLocalDocuments(home.path);
    // Thousands of updates are stored here, and no power is cut.
    documents.db.pragma('synchronous = OFF');
  });
  afterEach(() => {
    documents.close();
    home.remove();
  });

  const rows = () => documents.store.load(scope, document);

  async function store(world: World, from = 0): Promise<void> {
    for (const { update, origin } of world.stored.slice(from)) {
      await documents.store.append(scope, document, { update, origin });
    }
  }

  it.each([1, 2, 3])(
    'makes one of its closed past and changes nothing that can be seen or undone (seed %i)',
    async (seed) => {
      const random = seeded(seed);
      const world = new World();
      for (let round = 0; round < 2; round += 1) {
        const from = world.stored.length;
        for (let step = 0; step < 2400; step += 1) {
          const action = anyAction(random);
          world.hear(action.author);
          world.act(action);
        }
        await store(world, from);
        const before = await rows();
        const { history } = await load(documents.store, { scope, document });
        expect(World.picture(history)).toEqual(World.picture(world.history));
        expect((await rows()).length).toBeLessThanOrEqual(before.length - COMPACT_FROM);
        expect((await rows())[0]?.origin.author).toBe('system:compaction');
      }
      const { history } = await load(documents.store, { scope, document });
      const made = exhaust(history);
      expect(made.length).toBeGreaterThan(20);
      expect(made).toEqual(exhaust(world.history));
      expect(readCanvas(history.doc)).toEqual(readCanvas(world.history.doc));
    },
  );

  it('never makes one of what a run did, while that can still be undone', async () => {
    const world = new World();
    const edit = (author: (typeof authors)[number], index: number): void => {
      const node = { kind: 'note', id: `n${index}`, text: '', x: 0, y: 0, width: 10, height: 10 } as const;
      world.act({ do: 'edit', author, joined: true, mutation: { type: 'add-node', node } });
    };
    for (let index = 0; index < 2 * COMPACT_FROM; index += 1) edit('person:ann', index);
    edit('run:r1', 10_000);
    for (let index = 0; index < 2 * COMPACT_FROM; index += 1) edit('person:ben', 20_000 + index);
    await store(world);
    await load(documents.store, { scope, document });
    expect(await rows()).toHaveLength(world.stored.length);
    const { history } = await load(documents.store, { scope, document });
    history.move('run:r1', 'undo', 77);
    expect(readCanvas(history.doc).nodes.some(({ id }) => id === 'n10000')).toBe(false);
    expect(readCanvas(history.doc).nodes).toHaveLength(4 * COMPACT_FROM);
  });

  it('answers with the document although its past cannot be made one, for want of a disk that takes anything', async () => {
    const world = new World();
    for (let index = 0; index < OPEN_STEPS + COMPACT_FROM; index += 1) {
      const node = { kind: 'note', id: `n${index}`, text: '', x: 0, y: 0, width: 10, height: 10 } as const;
      world.act({ do: 'edit', author: 'person:ann', joined: false, mutation: { type: 'add-node', node } });
    }
    await store(world);
    documents.db.pragma('query_only = ON');
    const { history } = await load(documents.store, { scope, document });
    expect(World.picture(history)).toEqual(World.picture(world.history));
    expect(await rows()).toHaveLength(world.stored.length);
    documents.db.pragma('query_only = OFF');
    await load(documents.store, { scope, document });
    expect(await rows()).toHaveLength(OPEN_STEPS + 1);
  });

  it('refuses a document of which an update is gone, rather than show less', async () => {
    const world = new World();
    for (const id of ['a', 'b', 'c']) {
      const node = { kind: 'note', id, text: '', x: 0, y: 0, width: 10, height: 10 } as const;
      world.act({ do: 'edit', author: 'person:ann', joined: false, mutation: { type: 'add-node', node } });
    }
    for (const { update, origin } of world.stored.filter(({ sequence }) => sequence !== 2)) {
      await documents.store.append(scope, document, { update, origin });
    }
    await expect(load(documents.store, { scope, document })).rejects.toMatchObject({
      fault: { code: 'DATABASE_DAMAGED', data: { reason: 'gap' } },
    });
  });

  it('refuses a document with an update that is none', async () => {
    const origin = { author: 'person:ann', kind: 'edit', key: null, group: 'g' } as const;
    await documents.store.append(scope, document, { update: Uint8Array.of(9, 9, 9), origin });
    await expect(load(documents.store, { scope, document })).rejects.toMatchObject({
      fault: { code: 'DATABASE_DAMAGED', data: { reason: 'replay' } },
    });
  });

  it('takes an undo as its bytes when it can no longer be done again', async () => {
    const world = new World();
    const node = { kind: 'note', id: 'a', text: 'x', x: 0, y: 0, width: 10, height: 10 } as const;
    world.act({ do: 'edit', author: 'person:ann', joined: false, mutation: { type: 'add-node', node } });
    world.act({ do: 'undo', author: 'person:ann' });
    world.act({ do: 'redo', author: 'person:ann' });
    // The same past, as a compaction by an older release might have left it: without the step that was moved.
    const [first, ...rest] = world.stored;
    const origin = { author: 'system:compaction', kind: 'edit', key: null, group: '' } as const;
    await documents.store.append(scope, document, { update: first?.update ?? new Uint8Array(), origin });
    for (const { update, origin: own } of rest)
      await documents.store.append(scope, document, { update, origin: own });
    const { history } = await load(documents.store, { scope, document });
    expect(readCanvas(history.doc)).toEqual(readCanvas(world.history.doc));
    expect(Y.encodeStateVector(history.doc)).toEqual(Y.encodeStateVector(world.history.doc));
  });
});
