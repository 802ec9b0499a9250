import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentStore, StoredUpdate, UpdateOrigin } from '../port/index.ts';
import { scopeOf } from './event-sample.ts';

/** One store on storage of its own. */
export interface DocumentStoreUnderTest {
  readonly store: DocumentStore;
  /** Closes it and opens it again on the same storage. */
  reopen(): Promise<DocumentStoreUnderTest>;
  close(): Promise<void>;
}

const scope = scopeOf();
const DOCUMENT = 'canvas/one';

/** What every DocumentStore must do. `make` answers a new, empty one. */
export function documentStoreConformance(name: string, make: () => Promise<DocumentStoreUnderTest>): void {
  describe(`${name} keeps the promises of a DocumentStore`, () => {
    let under: DocumentStoreUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.close());

    describe('append', () => appends(() => under));
    describe('compact', () => compacts(() => under));

    it('answers nothing for a document nobody wrote to', async () => {
      expect(await under.store.load(scope, 'none')).toEqual([]);
      expect(await under.store.has(scope, 'none', 'key')).toBe(false);
    });

    it('shows nobody the documents of another workspace or tenant, even of the same name and keys', async () => {
      await under.store.append(scope, DOCUMENT, entry('mine', { key: 'key' }));
      for (const other of [scopeOf('other'), scopeOf('local', 'other')]) {
        expect(await under.store.load(other, DOCUMENT)).toEqual([]);
        expect(await under.store.has(other, DOCUMENT, 'key')).toBe(false);
        expect(await under.store.append(other, DOCUMENT, entry('theirs', { key: 'key' }))).toEqual({
          sequence: 1,
          stored: true,
        });
      }
      expect(texts(await under.store.load(scope, DOCUMENT))).toEqual(['mine']);
    });

    it('agrees with a plain list of updates after any appends, compactions and reopening', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyAct, { minLength: 1, maxLength: 40 }), (acts) => playOut(acts, make)),
        { numRuns: 40 },
      );
    });
  });
}

type Under = () => DocumentStoreUnderTest;

function appends(under: Under): void {
  it('answers sequences from 1, and gives every update back with its bytes and origin, also when opened again', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
    const entries = [
      entry('a', { author: 'person:1', kind: 'edit', key: null, group: 'g1' }),
      { update: bytes, origin: { author: 'run:r1', kind: 'edit', key: 'call-1', group: 'g2' } as const },
      entry('', { author: 'person:1', kind: 'undo', key: null, group: '' }),
      entry('b', { author: 'person:1', kind: 'redo', key: null, group: 'g3' }),
    ];
    for (const [n, one] of entries.entries()) {
      expect(await under().store.append(scope, DOCUMENT, one)).toEqual({ sequence: n + 1, stored: true });
    }
    const again = await under().reopen();
    expect(plain(await again.store.load(scope, DOCUMENT))).toEqual(
      plain(entries.map((one, n) => ({ ...one, sequence: n + 1 }))),
    );
  });

  it('takes a part of a larger buffer as that part', async () => {
    const large = Uint8Array.from([9, 9, 1, 2, 3, 9]);
    await under().store.append(scope, DOCUMENT, { ...entry(''), update: large.subarray(2, 5) });
    const [stored] = await under().store.load(scope, DOCUMENT);
    expect([...(stored?.update ?? [])]).toEqual([1, 2, 3]);
  });

  it('stores a key once and answers the first sequence ever after', async () => {
    const first = await under().store.append(scope, DOCUMENT, entry('first', { key: 'key' }));
    await under().store.append(scope, DOCUMENT, entry('other'));
    const second = await under().store.append(scope, DOCUMENT, entry('second', { key: 'key' }));
    expect(second).toEqual({ sequence: first.sequence, stored: false });
    expect(texts(await under().store.load(scope, DOCUMENT))).toEqual(['first', 'other']);
    expect(await under().store.has(scope, DOCUMENT, 'key')).toBe(true);
    expect(await under().store.has(scope, DOCUMENT, 'another')).toBe(false);
    expect((await under().store.append(scope, 'another document', entry('x', { key: 'key' }))).stored).toBe(
      true,
    );
  });
}

function compacts(under: Under): void {
  it('puts one update in the place of those before, and goes on counting behind them', async () => {
    for (const text of ['a', 'b', 'c', 'd']) await under().store.append(scope, DOCUMENT, entry(text));
    await under().store.compact(scope, DOCUMENT, { through: 3, update: encode('abc') });
    const after = await under().store.load(scope, DOCUMENT);
    expect(after.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(texts(after)).toEqual(['abc', 'd']);
    expect(await under().store.append(scope, DOCUMENT, entry('e'))).toEqual({ sequence: 5, stored: true });
  });

  it('of everything leaves one update, and the next still counts on', async () => {
    for (const text of ['a', 'b']) await under().store.append(scope, DOCUMENT, entry(text));
    await under().store.compact(scope, DOCUMENT, { through: 2, update: encode('ab') });
    expect(await under().store.append(scope, DOCUMENT, entry('c'))).toEqual({ sequence: 3, stored: true });
    expect(texts(await under().store.load(scope, DOCUMENT))).toEqual(['ab', 'c']);
  });

  it('never forgets a key, so that a call stays done once', async () => {
    await under().store.append(scope, DOCUMENT, entry('a', { key: 'call-1' }));
    await under().store.append(scope, DOCUMENT, entry('b'));
    await under().store.compact(scope, DOCUMENT, { through: 2, update: encode('ab') });
    const again = await under().reopen();
    expect(await again.store.has(scope, DOCUMENT, 'call-1')).toBe(true);
    expect((await again.store.append(scope, DOCUMENT, entry('a', { key: 'call-1' }))).stored).toBe(false);
  });

  it('up to an update that is not there changes nothing', async () => {
    await under().store.append(scope, DOCUMENT, entry('a'));
    await expect(
      under().store.compact(scope, DOCUMENT, { through: 2, update: encode('x') }),
    ).rejects.toThrow();
    expect(texts(await under().store.load(scope, DOCUMENT))).toEqual(['a']);
  });

  it('leaves other documents alone', async () => {
    for (const document of [DOCUMENT, 'other']) {
      for (const text of ['a', 'b']) await under().store.append(scope, document, entry(text));
    }
    await under().store.compact(scope, DOCUMENT, { through: 2, update: encode('ab') });
    expect(texts(await under().store.load(scope, 'other'))).toEqual(['a', 'b']);
  });
}

const anyAct = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('append' as const),
      document: fc.constantFrom('one', 'two'),
      update: fc.uint8Array({ maxLength: 40 }),
      key: fc.option(fc.constantFrom('k1', 'k2', 'k3'), { freq: 3 }),
      author: fc.constantFrom('person:1', 'run:r1'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('compact' as const),
      document: fc.constantFrom('one', 'two'),
      part: fc.nat({ max: 100 }),
      update: fc.uint8Array({ maxLength: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('reopen' as const) }) },
);

type Act = typeof anyAct extends fc.Arbitrary<infer T> ? T : never;

interface Model {
  readonly updates: { sequence: number; bytes: number[] }[];
  readonly keys: Map<string, number>;
  last: number;
}

async function playOut(acts: readonly Act[], make: () => Promise<DocumentStoreUnderTest>): Promise<void> {
  let under = await make();
  const models = new Map<string, Model>();
  try {
    for (const act of acts) {
      if (act.act === 'reopen') {
        under = await under.reopen();
        continue;
      }
      const model = models.get(act.document) ?? { updates: [], keys: new Map(), last: 0 };
      models.set(act.document, model);
      if (act.act === 'append') await appendToBoth(under.store, model, act);
      else await compactBoth(under.store, model, act);
    }
    for (const [document, model] of models) {
      const stored = await under.store.load(scope, document);
      expect(stored.map(({ sequence, update }) => ({ sequence, bytes: [...update] }))).toEqual(model.updates);
    }
  } finally {
    await under.close();
  }
}

async function appendToBoth(
  store: DocumentStore,
  model: Model,
  { document, update, key, author }: Extract<Act, { act: 'append' }>,
): Promise<void> {
  const used = key === null ? undefined : model.keys.get(key);
  const origin = { author, kind: 'edit', key, group: 'g' } as const;
  const answer = await store.append(scope, document, { update, origin });
  expect(answer).toEqual({ sequence: used ?? model.last + 1, stored: used === undefined });
  if (!answer.stored) return;
  model.last += 1;
  model.updates.push({ sequence: model.last, bytes: [...update] });
  if (key !== null) model.keys.set(key, model.last);
}

async function compactBoth(
  store: DocumentStore,
  model: Model,
  { document, part, update }: Extract<Act, { act: 'compact' }>,
): Promise<void> {
  const through = model.updates[part % Math.max(1, model.updates.length)]?.sequence;
  if (through === undefined) return;
  await store.compact(scope, document, { through, update });
  const kept = model.updates.filter(({ sequence }) => sequence > through);
  model.updates.splice(0, model.updates.length, { sequence: through, bytes: [...update] }, ...kept);
}

function entry(text: string, origin: Partial<UpdateOrigin> = {}): Omit<StoredUpdate, 'sequence'> {
  return {
    update: encode(text),
    origin: { author: 'person:1', kind: 'edit', key: null, group: 'g', ...origin },
  };
}

function encode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}

function texts(updates: readonly StoredUpdate[]): string[] {
  return updates.map(({ update }) => Buffer.from(update).toString('utf8'));
}

function plain(updates: readonly StoredUpdate[]) {
  return updates.map(({ sequence, update, origin }) => ({ sequence, origin, bytes: [...update] }));
}
