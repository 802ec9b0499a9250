import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
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
