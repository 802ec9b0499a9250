import { FaultError } from '@soma/schemas/event';
import { equalityDeep } from 'lib0/function';
import * as Y from 'yjs';
import type { DocumentAddress, DocumentStore, StoredUpdate } from '../port/index.ts';
import { History, ReplayDiffers, type StoredMove } from './history.ts';

/** So many updates that can become one are worth a compaction. */
export const COMPACT_FROM = 256;

/** How often a replay begins anew with one more undo taken as bytes, before all of them are. */
const ANEW = 8;

/** A document as it was stored. */
export interface Loaded {
  readonly history: History;
  /** The author under whom each Yjs client first wrote: nobody else may go on with its numbers. */
  readonly owners: Map<number, string>;
}

function isMove(stored: StoredUpdate): stored is StoredMove {
  return stored.origin.kind !== 'edit';
}

function replayOnce(updates: readonly StoredUpdate[], verbatim: ReadonlySet<number> | 'all'): History {
  const history = new History();
  for (const stored of updates) {
    if (!isMove(stored)) history.edit(stored);
    else if (verbatim === 'all' || verbatim.has(stored.sequence)) history.replayVerbatim(stored);
    else history.replay(stored);
  }
  return history;
}

/** The fold of stored updates. An undo that can no longer be done again, since the past it needs was compacted, counts as the bytes it was. */
export function replay(updates: readonly StoredUpdate[]): History {
  const verbatim = new Set<number>();
  while (verbatim.size < ANEW) {
    try {
      return replayOnce(updates, verbatim);
    } catch (error) {
      if (!(error instanceof ReplayDiffers)) throw error;
      verbatim.add(error.sequence);
    }
  }
  return replayOnce(updates, 'all');
}

function same(a: History, b: History): boolean {
  const seen = (history: History) => ({
    board: history.doc.toJSON(),
    depths: Object.fromEntries(history.depths()),
    state: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(history.doc))),
  });
  return equalityDeep(seen(a), seen(b));
}

/** The updates with their closed past as one, or undefined when that is not worth it or would change anything. */
function compacted(updates: readonly StoredUpdate[], history: History): StoredUpdate[] | undefined {
  const through = history.closedThrough(updates.at(-1)?.sequence ?? 0);
  const past = updates.filter(({ sequence }) => sequence <= through);
  if (past.length < COMPACT_FROM) return undefined;
  const doc = new Y.Doc();
  for (const { update } of past) Y.applyUpdate(doc, update);
  const origin = { author: 'system:compaction', kind: 'edit', key: null, group: '' } as const;
  const shorter = [
    { sequence: past.at(-1)?.sequence ?? through, update: Y.encodeStateAsUpdate(doc), origin },
    ...updates.slice(past.length),
  ];
  return same(replay(shorter), history) ? shorter : undefined;
}

function ownersOf(updates: readonly StoredUpdate[]): Map<number, string> {
  const owners = new Map<number, string>();
  for (const { update, origin } of updates) {
    if (origin.author.startsWith('system:')) continue;
    for (const client of Y.parseUpdateMeta(update).from.keys()) {
      if (!owners.has(client)) owners.set(client, origin.author);
    }
  }
  return owners;
}

/** Whether the store could do it. A full disk must not keep anybody from reading what is there. */
async function compact(
  store: DocumentStore,
  { scope, document }: DocumentAddress,
  { sequence, update }: StoredUpdate,
): Promise<boolean> {
  try {
    await store.compact(scope, document, { through: sequence, update });
    return true;
  } catch (error) {
    if (error instanceof FaultError) return false;
    throw error;
  }
}

/**
 * Loads a document with everybody's undo stacks, and compacts its closed past when there is much of it. Throws DATABASE_DAMAGED rather
 * than answer with less than was stored.
 */
export async function load(store: DocumentStore, { scope, document }: DocumentAddress): Promise<Loaded> {
  let updates = await store.load(scope, document);
  try {
    let history = replay(updates);
    const shorter = compacted(updates, history);
    const [first] = shorter ?? [];
    if (shorter !== undefined && first !== undefined) {
      const done = await compact(store, { scope, document }, first);
      if (done) [updates, history] = [shorter, replay(shorter)];
    }
    if (history.doc.store.pendingStructs !== null || history.doc.store.pendingDs !== null) {
      throw new FaultError('DATABASE_DAMAGED', { database: 'documents', document, reason: 'gap' });
    }
    return { history, owners: ownersOf(updates) };
  } catch (error) {
    if (error instanceof FaultError) throw error;
    throw new FaultError('DATABASE_DAMAGED', { database: 'documents', document, reason: 'replay' });
  }
}
