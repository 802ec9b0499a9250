import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aToolContext,
  faultOf,
  outputOf,
  type SampleFolder,
  sampleFolder,
} from '../../testing/sample-folder.ts';
import { createFolderTools, folderReader } from './index.ts';

let folder: SampleFolder;
const tools = new Map(createFolderTools().map((tool) => [tool.describe().name, tool]));

beforeAll(() => {
  folder = sampleFolder({
    '.gitignore': 'ignored.txt\n',
    'a.txt': 'The cat\nconcat\ncat_s\nCAT.\nÉcat\n',
    'sub/b.txt': 'a cat, twice: cat\r\n',
    'ignored.txt': 'cat\n',
    'binary.bin': Uint8Array.of(99, 97, 116, 0),
    'huge.txt': `${'x'.repeat(100_000)} cat\nshort cat\n`,
    'latin.txt': Uint8Array.of(0xe9, 32, 99, 97, 116, 10),
  });
});

afterAll(() => folder.remove());

function tool(name: string) {
  const found = tools.get(name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
}

const search = (input: object) => outputOf(tool('search_files'), { ...input }, aToolContext(folder.path));
const read = (input: object) => outputOf(tool('read_file'), { ...input }, aToolContext(folder.path));

describe('searching', () => {
  it('finds lines in files that are text and not ignored, without regard to case', async () => {
    expect(await search({ text: 'cat' })).toMatchObject({
      hits: [
        { path: 'a.txt', line: 1, quote: 'The cat' },
        { path: 'a.txt', line: 2, quote: 'concat' },
        { path: 'a.txt', line: 3, quote: 'cat_s' },
        { path: 'a.txt', line: 4, quote: 'CAT.' },
        { path: 'a.txt', line: 5, quote: 'Écat' },
        { path: 'huge.txt', line: 2, quote: 'short cat' },
        { path: 'latin.txt', line: 1, quote: '\ufffd cat' },
        { path: 'sub/b.txt', line: 1, quote: 'a cat, twice: cat' },
      ],
      total: 9,
      files: 4,
      searched: 5,
    });
  });

  it('names each file with a hit, with the hash of its bytes, and counts lines too long to quote', async () => {
    const bytes = readFileSync(folder.at('sub/b.txt'));
    expect(await search({ text: 'cat' })).toMatchObject({
      matching: [
        { path: 'a.txt', hits: 5 },
        { path: 'huge.txt', hits: 2 },
        { path: 'latin.txt', hits: 1, sha256: null },
        { path: 'sub/b.txt', hits: 1, sha256: createHash('sha256').update(bytes).digest('hex') },
      ],
    });
  });

  it('finds whole words only when asked, also beside letters of other alphabets', async () => {
    const found = await search({ text: 'cat', wholeWord: true });
    expect(found).toMatchObject({
      hits: [{ line: 1 }, { line: 4 }, { path: 'huge.txt' }, { path: 'latin.txt' }, { path: 'sub/b.txt' }],
    });
  });

  it.each(['sub', './sub/', 'sub/b.txt'])('stays in %s when asked', async (under) => {
    const found = await search({ text: 'cat', under });
    expect(found).toMatchObject({ hits: [{ path: 'sub/b.txt' }], files: 1, searched: 1 });
  });

  it('looks nowhere when what it is to stay in is not there', async () => {
    expect(await search({ text: 'cat', under: 'su' })).toMatchObject({ hits: [], searched: 0 });
  });

  it('heeds case when asked', async () => {
    expect(await search({ text: 'CAT', caseSensitive: true })).toMatchObject({
      hits: [{ path: 'a.txt', line: 4 }],
      total: 1,
    });
  });

  it('names no more lines than asked and says how many there are', async () => {
    expect(await search({ text: 'cat', limit: 2 })).toMatchObject({ hits: [{}, {}], total: 9 });
  });
});

describe('reading a file', () => {
  it('gives the lines asked for with their numbers', async () => {
    expect(await read({ path: 'a.txt', from: 2, count: 2 })).toEqual({
      path: 'a.txt',
      total: 5,
      repaired: false,
      sha256: createHash('sha256')
        .update(readFileSync(folder.at('a.txt')))
        .digest('hex'),
      lines: [
        { line: 2, quote: 'concat' },
        { line: 3, quote: 'cat_s' },
      ],
    });
  });

  it('says when bytes that are no UTF-8 were replaced', async () => {
    expect(await read({ path: 'latin.txt' })).toMatchObject({
      repaired: true,
      sha256: null,
      lines: [{ quote: '\ufffd cat' }],
    });
  });

  it('refuses with a code what is outside, missing, binary, or asked for wrongly', async () => {
    const context = aToolContext(folder.path);
    expect(await faultOf(tool('read_file'), { path: '/etc/passwd' }, context)).toBe('PATH_OUTSIDE');
    expect(await faultOf(tool('read_file'), { path: 'missing' }, context)).toBe('FILE_GONE');
    expect(await faultOf(tool('read_file'), { path: 'binary.bin' }, context)).toBe('FILE_BINARY');
    expect(await faultOf(tool('read_file'), { path: '' }, context)).toBe('TOOL_INPUT_INVALID');
    expect(await faultOf(tool('read_file'), { path: 'a.txt' }, aToolContext(folder.at('gone')))).toBe(
      'FOLDER_GONE',
    );
  });
});

describe('every reading tool', () => {
  it('describes itself with schemas, as reading and as repeatable', () => {
    for (const each of tools.values()) {
      expect(each.describe()).toMatchObject({
        risk: 'read',
        idempotency: 'idempotent',
        inputSchema: { type: 'object' },
        outputSchema: { type: 'object' },
      });
    }
  });

  it('does not know whether an earlier call happened, since nothing would differ', async () => {
    expect(await tool('list_files').probe('key', aToolContext(folder.path))).toBe('unknown');
  });
});

describe('looking into a folder for a person', () => {
  it('tells name, files, languages and texts, and refuses with the same codes as the tools', async () => {
    expect(await folderReader.resolve(folder.path)).toMatchObject({ ok: true, path: folder.path });
    expect(await folderReader.resolve('/')).toMatchObject({ ok: true, path: '/', name: '/' });
    expect(await folderReader.describe(folder.path)).toMatchObject({
      ok: true,
      view: { files: 6, more: false, languages: [{ name: 'Text', files: 4 }] },
    });
    expect(await folderReader.readFile(folder.path, 'sub/b.txt')).toMatchObject({
      ok: true,
      file: { lines: 1, language: 'plaintext' },
    });
    const file = async (...bytes: number[]) => {
      folder.write({ 'other.txt': Uint8Array.from(bytes) });
      const read = await folderReader.readFile(folder.path, 'other.txt');
      return read.ok ? [read.file.text, read.file.encoding] : read.fault.code;
    };
    expect(await file(0xff, 0xfe, 0xe9, 0, 0x0a, 0, 0xac, 0x20)).toEqual(['é\n€', 'utf-16le']);
    expect(await file(0xfe, 0xff, 0, 0xe9, 0, 0x0a, 0x20, 0xac)).toEqual(['é\n€', 'utf-16be']);
    expect(await file(0xff, 0xfe, 0xe9)).toBe('FILE_BINARY');
    expect(await file(0xff, 0xfe, 0, 0xd8)).toBe('FILE_BINARY');
    expect(await file(0xe9, 0x20, 0x80)).toEqual(['é €', 'windows-1252']);
    expect(await file(0xc3, 0xa9)).toEqual(['é', undefined]);
    expect(await folderReader.readFile(folder.path, '../x')).toMatchObject({ ok: false });
    expect(await folderReader.describe(folder.at('gone'))).toMatchObject({
      ok: false,
      fault: { code: 'FOLDER_GONE' },
    });
  });
});
