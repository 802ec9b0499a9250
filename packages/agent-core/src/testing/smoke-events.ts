// `npm run schemas:smoke`: one real event of every type by the real path, held against the emitted schemas. With `--keep DIR` the smallest
// envelope of each type, of a life lived under DIR, becomes the example that the pages of docs/events show.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CloudEvent } from '@soma/schemas/event';
import { type SmokedTopic, smokeEvents } from './event-smoke.ts';
import { temporaryFolder } from './local-store.ts';

const [, , keep, root] = process.argv;
const temporary = temporaryFolder();
const home = keep === '--keep' && root !== undefined ? root : temporary.path;
mkdirSync(home, { recursive: true });
const smoked = await smokeEvents(home);
temporary.remove();
for (const { topic, envelopes, missing, faults } of smoked) {
  const types = new Set(envelopes.map(({ type }) => type)).size;
  process.stdout.write(`${topic}: ${envelopes.length} events of ${types} types arrived\n`);
  for (const fault of faults) process.stdout.write(`  refused by the emitted schema: ${fault}\n`);
  if (missing.length > 0) process.stdout.write(`  did not come: ${missing.join(', ')}\n`);
}
const isGood = smoked.every(({ missing, faults }) => missing.length === 0 && faults.length === 0);
if (isGood && home === root) writeExamples(smoked);
process.exit(isGood ? 0 : 1);

function writeExamples(topics: readonly SmokedTopic[]): void {
  const smallest = new Map<string, CloudEvent>();
  for (const envelope of topics.flatMap(({ envelopes }) => envelopes)) {
    const known = smallest.get(envelope.type);
    if (known === undefined || JSON.stringify(envelope).length < JSON.stringify(known).length)
      smallest.set(envelope.type, envelope);
  }
  const sorted = [...smallest].sort(([one], [other]) => (one < other ? -1 : 1));
  const path = createRequire(import.meta.url).resolve('@soma/schemas/json/examples/events.json');
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
