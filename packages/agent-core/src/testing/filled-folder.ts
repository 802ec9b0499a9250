import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INLINE_LIMIT } from '@soma/schemas/event';
import type { MemoryEntry } from '../port/index.ts';
import { LocalHub } from '../room/index.ts';
import { commitOf, goalSubmitted, remark } from './event-sample.ts';
import { openLocalDocuments } from './local-documents.ts';
import { aScope, openLocalStore } from './local-store.ts';

const scope = aScope();
const long = (of: string) => of.padEnd(INLINE_LIMIT + 1, '.');

export interface Filling {
  readonly runs: number;
  /** Events of each run. */
  readonly events: number;
  /** Told apart from other fillings of the same folder. */
  readonly name: string;
}

/** Fills a data folder as the product does: runs whose goals are stored texts, a board, memories, a plan and a record of a command. */
export async function fillFolder(folder: string, { runs, events, name }: Filling): Promise<void> {
  const store = await openLocalStore(folder);
  const documents = await openLocalDocuments(folder);
  const hub = new LocalHub({ store: documents.store });
  try {
    for (let number = 0; number < runs; number += 1) {
      const run = `${name}-${number}`;
      const inner = await store.content.put(scope, long(`inner ${run}`), 'text/plain');
      const goal = await store.content.put(scope, long(`goal ${run}, see ${inner.hash}`), 'text/plain');
      await store.content.put(scope, long(`named by nobody ${run}`), 'text/plain');
      const begun = [
        goalSubmitted(run, `${run}-goal`, { goal }),
        ...Array.from({ length: events - 1 }, (_, n) => remark(`${run}-${n}`, `remark ${n} ünï\u0000`)),
      ];
      const done = await store.ledger.commit(
        commitOf(scope, { stream: `run/${run}`, expected: 0, events: begun }),
      );
      if (!done.ok) throw new Error(JSON.stringify(done));
      const node = { id: run, kind: 'note', x: 1, y: 2, width: 300, height: 200, text: run } as const;
      const mutations = [{ type: 'add-node', node } as const];
      await hub.mutate({ scope, document: 'board', author: 'person:p1', key: run, mutations });
      await store.memory.remember(scope, entryOf(run));
    }
    for (const place of ['plans', 'commands']) mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, 'plans', `${name}.yaml`), `name: ${name}\n`);
    writeFileSync(join(folder, 'commands', `${'c'.repeat(64)}.jsonl`), `{"of":"${name}"}\n`);
  } finally {
    await hub.close();
    documents.close();
    await store.memory.close();
    store.close();
  }
}

function entryOf(run: string): MemoryEntry {
  const hash = (letter: string) => letter.repeat(64);
  const citation = { path: 'a.md', line: 1, quote: run };
  const claim = { id: run, kind: 'quoted', text: run, citation } as const;
  return {
    ...{ id: run, run, task: run, folder: '/folder', fingerprint: hash('a'), plan: hash('b') },
    ...{ tool: 'read_file@1', argumentsHash: hash('c'), tookMs: 5, at: '2026-01-01T00:00:00.000Z' },
    result: { hash: hash('d'), size: 2, mediaType: 'application/json', inline: '{}' },
    claims: [{ claim, verdict: { checked: true, fileHash: hash('f') } }],
  };
}

/** What the three databases of a data folder answer that nobody has open. */
export async function contentsOf(folder: string): Promise<unknown> {
  const store = await openLocalStore(folder);
  const documents = await openLocalDocuments(folder);
  try {
    const { events } = await store.ledger.read({ scope, stream: null, after: 0, limit: 100_000 });
    const { runs } = await store.ledger.runs.page({ scope, cursor: null, limit: 1000, only: 'all' });
    const texts = [];
    for (const { data } of events)
      if ('goal' in data) texts.push((await store.content.get(scope, data.goal))?.length ?? null);
    const board = (await documents.store.load(scope, 'board')).map(({ update }) =>
      Buffer.from(update).toString('hex'),
    );
    const by = { name: 'words', text: events.map(({ stream }) => stream).join(' ') } as const;
    const memories = await store.memory.recall({ scope, folder: '/folder', by, limit: 1000 });
    return { events, runs, texts, board, memories: memories.map(({ id }) => id).sort() };
  } finally {
    documents.close();
    await store.memory.close();
    store.close();
  }
}
