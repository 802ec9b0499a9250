import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tool } from '../../port/index.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { ScriptedModel } from '../../testing/scripted-model.ts';
import { createFinder } from './finder.ts';
import { createFindTools } from './index.ts';
import { Answer } from './message.ts';

// The model of these tests is scripted: words hashed, some of them said to mean the same. What the real one is worth the bench tells.

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = sampleFolder();
  data = temporaryFolder();
});
afterEach(() => {
  folder.remove();
  data.remove();
});

const indexes = () => join(data.path, 'index');
const asked = (question: string) => ({
  ...{ folder: folder.path, question, limit: 3, vectors: null },
  signal: new AbortController().signal,
  onIndexed: () => undefined,
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

describe('the tool with a model', () => {
  const withModel = (model: ScriptedModel): Tool => {
    const [made] = createFindTools({ dataFolder: data.path, model });
    if (made === undefined) throw new Error('there is no tool');
    return made;
  };

  const ask = async (question: string, tool: Tool) =>
    Answer.parse(await outputOf(tool, { question }, aToolContext(folder.path)));

  it('asks the model from its thread, and does without one that is absent or fails', async () => {
    folder.write({ 'a.md': 'The limit of trees.\n', 'b.md': 'The limit of cars.\n' });
    const model = new ScriptedModel({ alike: [['vehicles', 'cars']] });
    const tool = withModel(model);
    expect(await ask('limit of vehicles', tool)).toMatchObject({ ranking: 'meaning' });
    expect(model.embedded).toEqual(expect.arrayContaining(['limit of vehicles', 'The limit of cars.']));
    model.fault = 'MODEL_ABSENT';
    expect(await ask('limit of vehicles', tool)).toMatchObject({ ranking: 'words' });
    const broken = new ScriptedModel();
    broken.fault = 'MODEL_UNUSABLE';
    expect(await ask('limit of trees and cars', withModel(broken))).toMatchObject({ ranking: 'words' });
  });
});
