import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tool } from '../../port/index.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import {
  aToolContext,
  faultOf,
  outputOf,
  type SampleFolder,
  sampleFolder,
} from '../../testing/sample-folder.ts';
import { createFindTools } from './index.ts';
import { Answer } from './message.ts';

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let tool: Tool;

beforeAll(begin);
afterAll(() => data.remove());
beforeEach(() => {
  folder = sampleFolder();
});
afterEach(() => folder.remove());

/** Begins with a data folder that nobody has used. */
function begin(): void {
  data = temporaryFolder();
  tool = aTool();
}

/** A tool with a thread of its own, as after a start of the product. */
function aTool(dataFolder = data.path): Tool {
  const [made] = createFindTools({ dataFolder });
  if (made === undefined) throw new Error('there is no tool');
  return made;
}

async function ask(question: string, asked: Tool = tool): Promise<Answer> {
  return Answer.parse(await outputOf(asked, { question }, aToolContext(folder.path)));
}

const places = ({ passages }: Answer) => passages.map(({ path, line }) => `${path}:${line}`);
const indexFiles = () => readdirSync(join(data.path, 'index')).filter((name) => name.endsWith('.db'));

/** A tool over a copy of the index as it lies on the disk, after `spoil` had it. */
function afterSpoiling(spoil: (path: string) => void): Tool {
  const [name = ''] = indexFiles();
  const db = new Database(join(data.path, 'index', name));
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  const other = join(data.path, 'other');
  mkdirSync(join(other, 'index'), { recursive: true });
  const path = join(other, 'index', name);
  copyFileSync(join(data.path, 'index', name), path);
  spoil(path);
  return aTool(other);
}

describe('finding passages', () => {
  it('answers with the best line, exactly, and the lines around it', async () => {
    folder.write({
      'a/queue.js': 'const x = 1;\n\nfunction drainQueue() {\n\treturn queue.splice(0);\r\n}\n',
      'b.txt': 'Nothing of that kind.\n',
    });
    const answer = await ask('where is the queue drained');
    expect(answer.found).toBe(true);
    const [best] = answer.passages;
    expect(best).toMatchObject({ path: 'a/queue.js', line: 3, quote: 'function drainQueue() {' });
    expect(best?.context).toContainEqual({ line: 4, quote: '\treturn queue.splice(0);' });
    expect(answer.searched).toEqual({ files: 2, lines: 6 });
  });

  it('finds a name however it is written', async () => {
    folder.write({ 'a.py': 'def get_user_name(id):\n    pass\n', 'b.js': 'let other = 1;\n' });
    for (const question of ['getUserName', 'get-user-name', 'where is the user name got', 'GET_USER_NAME?'])
      expect(places(await ask(question))[0], question).toBe('a.py:1');
  });

  it('finds German words in other forms, and without their accents', async () => {
    folder.write({ 'a.md': '# Hilfe\n\nÄltere Sicherungen werden gelöscht.\n', 'b.md': 'Etwas anderes.\n' });
    for (const question of ['Wann wird eine Sicherung gelöscht?', 'sicherung geloscht'])
      expect(places(await ask(question))[0], question).toBe('a.md:3');
  });

  it('does not call it found when what the question is about is nowhere', async () => {
    folder.write({ 'a.ts': 'export function openFile(path: string) {\n  return read(path);\n}\n' });
    const answer = await ask('where is the websocket of the file opened with a certificate');
    expect(answer.found).toBe(false);
    expect(answer.words).toContain('websocket');
  });

  it('gives no two passages that are one', async () => {
    folder.write({ 'a.md': `${'The lighthouse keeper sleeps.\n'.repeat(5)}`, 'b.md': 'A lighthouse.\n' });
    const { passages } = await ask('lighthouse');
    expect(passages.map(({ path }) => path).sort()).toEqual(['a.md', 'b.md']);
  });

  it('reads what list_files reads, and says what it did not read', async () => {
    folder.write({
      '.gitignore': 'secret.txt\n',
      'secret.txt': 'the lighthouse\n',
      'node_modules/x/index.js': 'lighthouse\n',
      'a.bin': Uint8Array.of(0x6c, 0, 1),
      'empty.md': '',
      'large.txt': 'lighthouse\n'.repeat(300_000),
      'b.txt': 'No such building.\n',
    });
    const answer = await ask('lighthouse');
    expect(answer.passages).toEqual([]);
    expect(answer.notReadByReason.map(({ reason, examples }) => [reason, examples])).toEqual(
      expect.arrayContaining([
        ['ignored', ['secret.txt']],
        ['dependencies', ['node_modules']],
        ['binary', ['a.bin']],
        ['empty', ['empty.md']],
        ['too-large', ['large.txt']],
      ]),
    );
    expect(answer).toMatchObject({ count: 5, searched: { files: 2, lines: 2 }, found: false });
  });

  it('quotes only lines that stand there, whatever the files hold', async () => {
    const content = fc.array(
      fc.constantFrom('red', 'green', 'blue()', '\t', '', '# Red', '\r', 'é\u0000', '{}'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 4 }), async (files) => {
        rmSync(folder.path, { recursive: true });
        mkdirSync(folder.path);
        folder.write(Object.fromEntries(files.map((lines, index) => [`f${index}.txt`, lines.join('\n')])));
        for (const { path, line, quote } of (await ask('is it red or green or blue')).passages) {
          const lines = readFileSync(folder.at(path), 'utf8').split('\n');
          expect(lines[line - 1]?.replace(/\r$/, '')).toBe(quote);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('the index of a folder', () => {
  beforeEach(() => {
    data.remove();
    begin();
  });

  it('follows every change of the files', async () => {
    folder.write({ 'a.txt': 'lighthouse\n', 'sub/b.txt': 'nothing\n' });
    expect((await ask('lighthouse')).index).toEqual({ state: 'first', changed: 2 });
    expect((await ask('lighthouse')).index).toEqual({ state: 'kept', changed: 0 });
    appendFileSync(folder.at('sub/b.txt'), 'a windmill\n');
    expect(places(await ask('windmill'))).toEqual(['sub/b.txt:2']);
    folder.write({ 'sub/new/c.txt': 'a windmill\n' });
    expect(places(await ask('windmill')).sort()).toEqual(['sub/b.txt:2', 'sub/new/c.txt:1']);
    rmSync(folder.at('sub/b.txt'));
    expect(places(await ask('windmill'))).toEqual(['sub/new/c.txt:1']);
    folder.write({ '.gitignore': 'new/\n' });
    expect(places(await ask('windmill'))).toEqual([]);
    rmSync(folder.at('.gitignore'));
    expect(places(await ask('windmill'))).toEqual(['sub/new/c.txt:1']);
  });

  it('notices a change of the same length whose time was set back', async () => {
    folder.write({ 'a.txt': 'lighthouse\n' });
    const { mtime } = statSync(folder.at('a.txt'));
    await ask('lighthouse');
    await ask('lighthouse');
    writeFileSync(folder.at('a.txt'), 'windmills!\n');
    utimesSync(folder.at('a.txt'), mtime, mtime);
    expect(places(await ask('windmills'))).toEqual(['a.txt:1']);
    expect(places(await ask('lighthouse'))).toEqual([]);
  });

  it('is there at the next start, and what changed meanwhile is read again', async () => {
    folder.write({ 'a.txt': 'lighthouse\n', 'b.txt': 'nothing\n' });
    await ask('lighthouse');
    folder.write({ 'b.txt': 'a windmill\n' });
    const answer = await ask('windmill', aTool());
    expect(answer.index).toEqual({ state: 'kept', changed: 1 });
    expect(places(answer)).toEqual(['b.txt:1']);
  });

  it.each([
    ['deleted', 'first', (path: string) => rmSync(path)],
    ['no database', 'damaged', (path: string) => writeFileSync(path, 'x'.repeat(5000))],
    ['empty', 'damaged', (path: string) => writeFileSync(path, '')],
    [
      'of another version',
      'older',
      (path: string) => {
        const db = new Database(path);
        db.pragma('user_version = 77');
        db.close();
      },
    ],
  ])('that is %s is built anew, and says so', async (_, state, spoil) => {
    folder.write({ 'a.txt': 'lighthouse\n' });
    await ask('lighthouse');
    const answer = await ask('lighthouse', afterSpoiling(spoil));
    expect(answer.index).toEqual({ state, changed: 1 });
    expect(places(answer)).toEqual(['a.txt:1']);
  });

  it('that is deleted while it is in use is built anew', async () => {
    folder.write({ 'a.txt': 'lighthouse\n' });
    await ask('lighthouse');
    rmSync(join(data.path, 'index'), { recursive: true });
    const answer = await ask('lighthouse');
    expect(answer.index).toEqual({ state: 'first', changed: 1 });
    expect(places(answer)).toEqual(['a.txt:1']);
  });

  it('that cannot be written is a fault that says so', async () => {
    writeFileSync(join(data.path, 'file'), 'a file where the data folder should be');
    folder.write({ 'a.txt': 'lighthouse\n' });
    const nowhere = aTool(join(data.path, 'file', 'data'));
    expect(await faultOf(nowhere, { question: 'lighthouse' }, aToolContext(folder.path))).toBe(
      'DATA_FOLDER_UNUSABLE',
    );
  });

  it.each([8192, 40_960])('damaged from byte %d on is built anew when the damage is met', async (from) => {
    folder.write(
      Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${n}.txt`, `tower${n} word${n}\n`])),
    );
    await ask('tower7');
    const spoil = (path: string) => {
      const bytes = readFileSync(path);
      expect(bytes.length).toBeGreaterThan(from);
      bytes.fill(0xff, from);
      writeFileSync(path, bytes);
    };
    const answer = await ask('tower7', afterSpoiling(spoil));
    expect(answer.index.state).toBe('damaged');
    expect(places(answer)).toEqual(['7.txt:1']);
  });

  it('is kept for a bounded number of folders', async () => {
    mkdirSync(join(data.path, 'index'));
    for (let n = 0; n < 40; n += 1) writeFileSync(join(data.path, 'index', `${n}.db`), '');
    folder.write({ 'a.txt': 'lighthouse\n' });
    await ask('lighthouse');
    expect(indexFiles().length).toBe(32);
  });
});

describe('bad input', () => {
  it.each(['', '   \n'])('%j is no question', async (question) => {
    expect(await faultOf(tool, { question }, aToolContext(folder.path))).toBe('TOOL_INPUT_INVALID');
  });

  it('of ten thousand words is answered by the first of them', async () => {
    folder.write({ 'a.txt': 'lighthouse\n' });
    const question = `lighthouse ${Array.from({ length: 10_000 }, (_, n) => `other${n}`).join(' ')}`;
    expect(places(await ask(question))).toEqual(['a.txt:1']);
  });

  it.each(['"', 'a" OR "b', '*', 'NEAR(a b)', '{path} : x', '-- ; DROP', '\u0000', '🦊', 'body:'])(
    '%j is never read as an expression',
    async (question) => {
      folder.write({ 'a.txt': 'lighthouse\n' });
      expect((await ask(question)).passages).toEqual([]);
    },
  );

  it('of bytes that are no UTF-8 is searched as far as it can be read', async () => {
    folder.write({ 'latin.txt': Uint8Array.from([...Buffer.from('lighthouse caf'), 0xe9, 10]) });
    expect(places(await ask('lighthouse'))).toEqual(['latin.txt:1']);
  });

  it('of a line of a megabyte is left out and counted; the other lines are searched', async () => {
    folder.write({ 'long.js': `var a = "${'lighthouse '.repeat(95_000)}";\nvar lighthouse = 2;\n` });
    const answer = await ask('lighthouse');
    expect(places(answer)).toEqual(['long.js:2']);
    expect(answer.longLines).toBe(1);
  });

  it('of a folder that is gone, or is a file, is refused with its fault', async () => {
    folder.write({ 'a.txt': 'x\n' });
    const gone = aToolContext(folder.at('nowhere'));
    expect(await faultOf(tool, { question: 'x' }, gone)).toBe('FOLDER_GONE');
    expect(await faultOf(tool, { question: 'x' }, aToolContext(folder.at('a.txt')))).toBe(
      'FOLDER_NOT_A_FOLDER',
    );
  });

  it('of a folder of no files is answered: nothing was searched', async () => {
    expect(await ask('lighthouse')).toMatchObject({
      found: false,
      searched: { files: 0, lines: 0 },
      sample: null,
    });
  });
});

describe('a question', () => {
  it('that is cancelled ends at once, and the next is answered', async () => {
    folder.write(Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`${n}.txt`, `tower${n}\n`])));
    const controller = new AbortController();
    const call = tool.call({ question: 'tower3' }, aToolContext(folder.path, { signal: controller.signal }));
    controller.abort(new Error('stopped'));
    await expect(call).rejects.toThrow('stopped');
    expect(places(await ask('tower3'))).toEqual(['3.txt:1']);
  });

  it('tells on the way how many files are indexed', async () => {
    folder.write(Object.fromEntries(Array.from({ length: 1200 }, (_, n) => [`${n}.txt`, `tower${n}\n`])));
    const told: number[] = [];
    const progress = ({ done }: { done: number }) => void told.push(done);
    await outputOf(tool, { question: 'tower3' }, aToolContext(folder.path, { progress }));
    expect(told).toEqual([500, 1000]);
  });

  it('asked by several at once is answered to each', async () => {
    folder.write({ 'a.txt': 'lighthouse\n', 'b.txt': 'windmill\n' });
    const answers = await Promise.all(
      ['lighthouse', 'windmill', 'lighthouse'].map((question) => ask(question)),
    );
    expect(answers.map(places)).toEqual([['a.txt:1'], ['b.txt:1'], ['a.txt:1']]);
  });
});
