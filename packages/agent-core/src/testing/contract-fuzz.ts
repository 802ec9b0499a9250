import { contract, FLOW_WINDOW } from '@soma/schemas/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCallServer, type Unexpected } from '../adapter/transport/index.ts';
import { temporaryFolder } from './local-store.ts';
import { pipePair } from './pipe-pair.ts';
import { openTestHost } from './test-host.ts';

/** Path of every call and watch there is, read from the contract itself; what would end the host is left out. */
const CHANNELS = Object.entries(contract).flatMap(([noun, verbs]) =>
  Object.keys(verbs)
    .map((verb) => `/${noun}/${verb}`)
    .filter((path) => path !== '/host/handOver'),
);

/** Names and values that inputs really have, among anything else, so that some get further than the first check. */
const word = fc.constantFrom(
  'id',
  'run',
  'path',
  'folder',
  'canvas',
  'text',
  'protocol',
  'approve',
  'after',
  'slots',
  '__proto__',
  'constructor',
);
const leaf = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(
    null,
    '',
    '..',
    '/',
    '/etc/passwd',
    '\u0000',
    'r1',
    'c1',
    'ask',
    'all',
    '9'.repeat(300),
    -1,
    1e308,
  ),
);
const input = fc.oneof(
  leaf,
  fc.dictionary(
    fc.oneof(word, fc.string({ maxLength: 5 })),
    fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(word, leaf)),
    {
      maxKeys: 8,
    },
  ),
  fc.array(leaf, { maxLength: 4 }),
);

/** Sends anything as the input of every call; `runs` times each. */
export function contractFuzz(runs: number): void {
  describe('every call of the contract', () => {
    it(`answers ${runs} inputs of any shape with a refusal or an answer, and never with a defect`, async () => {
      const folder = temporaryFolder();
      const host = await openTestHost(folder.path);
      const defects: Unexpected[] = [];
      const server = createCallServer(host.host.router, (unexpected) => `${defects.push(unexpected)}`);
      const [mine, theirs] = pipePair();
      server.connect(theirs, { scope: host.host.scope() });
      const answered = new Map<string, (answer: unknown) => void>();
      mine.onMessage((message) => {
        const { i, p } = JSON.parse(String(message)) as { i: string; p: unknown };
        answered.get(i)?.(p);
        answered.delete(i);
      });
      let number = 0;
      const ask = (path: string, json: unknown) =>
        new Promise<unknown>((resolve) => {
          number += 1;
          answered.set(String(number), resolve);
          mine.send(JSON.stringify({ i: String(number), p: { u: path, b: { json } } }));
        });
      for (const path of CHANNELS) {
        await fc.assert(
          fc.asyncProperty(input, async (json) => {
            const answer = JSON.stringify(await ask(path, json));
            expect(answer).not.toMatch(/INTERNAL|stack|node_modules/);
            // A watch that began is not wanted any more.
            mine.send(JSON.stringify({ i: String(number), t: 4 }));
          }),
          { numRuns: runs },
        );
      }
      expect(defects).toEqual([]);
      expect(theirs.pending()).toBeLessThan(FLOW_WINDOW);
      expect(server.connections()).toBe(1);
      mine.close();
      await host.close();
      folder.remove();
    });
  });
}
