import { openSync, writeSync } from 'node:fs';
import { LocalHub } from '../room/index.ts';
import { armKill } from './kill.ts';
import { openLocalDocuments } from './local-documents.ts';
import { aScope } from './local-store.ts';

// A process that works on a board until it is killed. Its journal gets a line for each key it was told is applied.

const [, , kill, folder = '', journal = '', from = '0', to = '0'] = process.argv;
const documents = await openLocalDocuments(folder);
const hub = new LocalHub({ store: documents.store });
const handle = openSync(journal, 'a');
armKill(kill);
for (let index = Number(from); index < Number(to); index += 1) {
  const node = { kind: 'note', id: `n${index}`, text: '', x: 0, y: 0, width: 100, height: 50 } as const;
  // Each call is a step of its own, so that the oldest are closed and the next start makes one of them.
  const { applied } = await hub.mutate({
    scope: aScope(),
    document: 'board',
    author: 'person:ann',
    key: `k${index}`,
    mutations: [{ type: 'add-node', node }],
  });
  if (applied) writeSync(handle, `${index}\n`);
}
await hub.close();
documents.close();
