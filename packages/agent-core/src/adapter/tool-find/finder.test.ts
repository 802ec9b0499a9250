import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { aToolContext, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { ScriptedModel } from '../../testing/scripted-model.ts';
import { createFinder } from './finder.ts';

// The same code as in the thread, without one: what a thread does is played in find-passages.test.ts.

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = sampleFolder({
    'src/queue.js': '/** Runs tasks. */\nexport function drainQueue(limit) {\n  return limit;\n}\n',
    'docs/guide.md': '# Guide\n\nThe retry timeout is 250 ms.\n',
    'logo.bin': Uint8Array.of(0, 1, 2),
  });
  data = temporaryFolder();
});
afterEach(() => {
  folder.remove();
  data.remove();
});

const indexes = () => join(data.path, 'index');
const asked = (question: string) => ({
  ...{ folder: folder.path, question, limit: 3 },
  signal: new AbortController().signal,
  onIndexed: () => undefined,
  vectors: null,
});
const best = (answer: Awaited<ReturnType<ReturnType<typeof createFinder>>>) => {
  const [first] = answer.passages;
  return first === undefined ? null : `${first.path}:${first.line}`;
};

describe('a finder', () => {
  it('answers from the files as they are at each question', async () => {
    const find = createFinder(indexes());
    const first = await find(asked('what is the retry timeout'));
    expect([first.found, best(first), first.index.state]).toEqual([true, 'docs/guide.md:3', 'first']);
    expect(first.notReadByReason.map(({ reason }) => reason)).toEqual(['binary']);
    folder.write({ 'docs/guide.md': '# Guide\n\nNothing here.\n', 'new.txt': 'The retry timeout is 9 s.\n' });
    const second = await find(asked('what is the retry timeout'));
    expect([best(second), second.index.state]).toEqual(['new.txt:1', 'kept']);
    rmSync(folder.at('new.txt'));
    expect((await find(asked('what is the retry timeout'))).found).toBe(false);
  });

  it('takes up the index of an earlier process, and builds a damaged one anew', async () => {
    await createFinder(indexes())(asked('drain the queue'));
    const again = await createFinder(indexes())(asked('drain the queue'));
    expect([best(again), again.index]).toEqual(['src/queue.js:2', { state: 'kept', changed: 0 }]);
    for (const name of readdirSync(indexes())) writeFileSync(join(indexes(), name), 'no database at all');
    const anew = await createFinder(indexes())(asked('drain the queue'));
    expect([best(anew), anew.index.state]).toEqual(['src/queue.js:2', 'damaged']);
  });

  it('says of a folder that is gone that it is, and goes on with others', async () => {
    const find = createFinder(indexes());
    await find(asked('drain the queue'));
    const gone = { ...asked('drain the queue'), folder: join(data.path, 'nowhere') };
    await expect(find(gone)).rejects.toMatchObject({ fault: { code: 'FOLDER_GONE' } });
    expect(best(await find(asked('drain the queue')))).toBe('src/queue.js:2');
  });
});

describe('a finder with a model', () => {
  const { scope } = aToolContext('');
  /** Fifteen files that answer equally well by their words; one of them means what is asked for. */
  const queues = () =>
    Object.fromEntries(
      Array.from({ length: 15 }, (_, at) => [
        `queue-${String(at).padStart(2, '0')}.md`,
        `The queue of ${at === 3 ? 'cars' : `parcels ${at}`} waits.\n`,
      ]),
    );
  const aModel = () => new ScriptedModel({ alike: [['vehicles', 'cars']] });
  const vectorsOf = (model: ScriptedModel) => ({
    weights: model.weights,
    embed: (texts: readonly string[]) => {
      const { signal } = new AbortController();
      return model.embed({ scope, texts, signal }).catch(() => null);
    },
  });

  it('puts what means the same before what shares as many words, and says so', async () => {
    folder.write(queues());
    const find = createFinder(indexes());
    const question = 'queue vehicles waits';
    const byWords = await find(asked(question));
    const model = aModel();
    const meant = await find({ ...asked(question), vectors: vectorsOf(model) });
    expect(byWords.ranking).toBe('words');
    expect(byWords.passages.map(({ path }) => path)).not.toContain('queue-03.md');
    expect(meant.ranking).toBe('meaning');
    expect(meant.passages.map(({ path }) => path)).toContain('queue-03.md');
    expect([meant.found, meant.passages.length]).toEqual([byWords.found, 3]);
  });

  it('asks for the vector of a text once, whatever process asks, and again under other weights', async () => {
    folder.write(queues());
    const model = aModel();
    const ask = () =>
      createFinder(indexes())({ ...asked('queue vehicles waits'), vectors: vectorsOf(model) });
    const first = await ask();
    const embedded = model.embedded.length;
    expect(new Set(model.embedded).size).toBe(embedded);
    expect(await ask()).toMatchObject({ passages: first.passages, ranking: 'meaning' });
    expect(model.embedded.length).toBe(embedded);
    model.weights = 'b'.repeat(64);
    await ask();
    expect(model.embedded.length).toBe(2 * embedded);
  });

  it('answers by words when the model takes longer than a second, or fails', async () => {
    folder.write(queues());
    const find = createFinder(indexes());
    const byWords = await find(asked('queue vehicles waits'));
    const model = aModel();
    model.hold();
    const started = performance.now();
    const late = await find({ ...asked('queue vehicles waits'), vectors: vectorsOf(model) });
    expect(performance.now() - started).toBeGreaterThan(900);
    expect([late.ranking, late.passages]).toEqual(['words', byWords.passages]);
    const broken = aModel();
    broken.fault = 'MODEL_UNUSABLE';
    const refused = await find({ ...asked('queue vehicles waits'), vectors: vectorsOf(broken) });
    expect([refused.ranking, refused.passages]).toEqual(['words', byWords.passages]);
  });

  it('stops when nobody waits for the answer any more', async () => {
    folder.write(queues());
    const model = aModel();
    model.hold();
    const over = new AbortController();
    const answer = createFinder(indexes())({
      ...asked('queue vehicles waits'),
      signal: over.signal,
      vectors: vectorsOf(model),
    });
    setTimeout(() => over.abort(), 300);
    await expect(answer).rejects.toThrow();
  });
});
