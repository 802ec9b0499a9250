import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CallPreview, Json } from '@soma/schemas/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm } from '../../failpoint/index.ts';
import type { ToolContext, ToolResult } from '../../port/index.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import {
  aToolContext,
  faultOf,
  outputOf,
  type SampleFolder,
  sampleFolder,
} from '../../testing/sample-folder.ts';
import { ContentFiles } from '../content-files/index.ts';
import { hashOf } from '../tool-folder/index.ts';
import { applyHunks } from './hunks.ts';
import { createChangeTools } from './index.ts';

let folder: SampleFolder;
let data: ReturnType<typeof temporaryFolder>;
let content: ContentFiles;

beforeEach(() => {
  folder = sampleFolder();
  data = temporaryFolder();
  content = new ContentFiles({ folder: join(data.path, 'content') });
});
afterEach(() => {
  folder.remove();
  data.remove();
});

const named = (name: string) => {
  const tool = createChangeTools(content).find((one) => one.describe().name === name);
  if (tool === undefined) throw new Error(name);
  return tool;
};
const context = (change: Partial<ToolContext> = {}) => aToolContext(folder.path, change);
const text = (path: string) => readFileSync(folder.at(path), 'utf8');
const fileOf = (path: string) => ({ path, before: hashOf(text(path)) });
const parts = () =>
  readdirSync(folder.path, { recursive: true }).filter((name) => String(name).endsWith('.part'));

async function previewOf(tool: string, input: Json): Promise<CallPreview> {
  const made = await named(tool).preview?.(input, context());
  if (made?.ok !== true) throw new Error(JSON.stringify(made));
  return made.preview;
}

describe('replacing a text', () => {
  it('changes every place in every file of the call, and nothing else in them', async () => {
    folder.write({ 'a.js': '\ufeffcat(cat)\r\ndog\r\n', 'sub/b.md': 'no cat here', 'c.txt': 'concat\n' });
    const files = ['a.js', 'sub/b.md', 'c.txt'].map(fileOf);
    const output = await outputOf(named('replace_text'), { from: 'cat', to: 'lion', files }, context());
    expect([text('a.js'), text('sub/b.md'), text('c.txt')]).toEqual([
      '\ufefflion(lion)\r\ndog\r\n',
      'no lion here',
      'conlion\n',
    ]);
    expect(output).toMatchObject({
      added: 3,
      removed: 3,
      files: [
        { path: 'a.js', kind: 'changed', left: 0, lines: [{ line: 1, quote: '\ufefflion(lion)' }] },
        { path: 'c.txt', left: 0 },
        { path: 'sub/b.md', left: 0 },
      ],
    });
    expect(parts()).toEqual([]);
  });

  it('leaves parts of words where whole words are wanted', async () => {
    folder.write({ 'a.txt': 'cat concat cat_s éCat cat\n' });
    const input = { from: 'cat', to: 'dog', wholeWord: true, files: [fileOf('a.txt')] };
    await outputOf(named('replace_text'), input, context());
    expect(text('a.txt')).toBe('dog concat cat_s éCat dog\n');
  });

  it('takes a hundred thousand places in one call', async () => {
    folder.write({ 'many.txt': 'cat '.repeat(100_000) });
    await outputOf(named('replace_text'), { from: 'cat', to: 'dog', files: [fileOf('many.txt')] }, context());
    expect(text('many.txt')).toBe('dog '.repeat(100_000));
  });

  it('keeps the permissions of a file', async () => {
    folder.write({ 'run.sh': 'echo cat\n' });
    chmodSync(folder.at('run.sh'), 0o755);
    await outputOf(named('replace_text'), { from: 'cat', to: 'dog', files: [fileOf('run.sh')] }, context());
    expect(statSync(folder.at('run.sh')).mode & 0o777).toBe(0o755);
  });

  it('says that there is nothing to change, rather than asking about nothing', async () => {
    folder.write({ 'a.txt': 'dog\n' });
    const input = { from: 'cat', to: 'lion', files: [fileOf('a.txt')] };
    expect(await named('replace_text').preview?.(input, context())).toMatchObject({
      fault: { code: 'NOTHING_TO_CHANGE' },
    });
  });
});

describe('what was shown is what is done', () => {
  it('holds both texts of every file before anything is written', async () => {
    folder.write({ 'a.txt': 'cat\n' });
    const shown = await previewOf('replace_text', { from: 'cat', to: 'dog', files: [fileOf('a.txt')] });
    if (shown.kind !== 'files') throw new Error(shown.kind);
    const [change] = shown.changes.files;
    expect(change).toMatchObject({ path: 'a.txt', kind: 'changed', added: 1, removed: 1 });
    const { scope } = context();
    expect(change?.before && (await content.get(scope, change.before))).toBe('cat\n');
    expect(change?.after && (await content.get(scope, change.after))).toBe('dog\n');
    expect(text('a.txt')).toBe('cat\n');
  });

  it('is done from the preview, also when it was done before: repeating changes nothing', async () => {
    folder.write({ 'a.txt': 'cat\n', 'b.txt': 'cat\n' });
    const input = { from: 'cat', to: 'catcat', files: ['a.txt', 'b.txt'].map(fileOf) };
    const preview = await previewOf('replace_text', input);
    // A crash after the first file: the second still has its text before.
    writeFileSync(folder.at('a.txt'), 'catcat\n');
    for (let time = 0; time < 2; time += 1) {
      const result = await named('replace_text').call(input, context({ preview }));
      expect(result).toMatchObject({ ok: true, changes: { files: [{ path: 'a.txt' }, { path: 'b.txt' }] } });
      expect([text('a.txt'), text('b.txt')]).toEqual(['catcat\n', 'catcat\n']);
    }
  });

  it('is not done at all where one file has changed in between', async () => {
    folder.write({ 'a.txt': 'cat\n', 'b.txt': 'cat\n', 'c.txt': 'cat\n' });
    const input = { from: 'cat', to: 'dog', files: ['a.txt', 'b.txt', 'c.txt'].map(fileOf) };
    const preview = await previewOf('replace_text', input);
    writeFileSync(folder.at('c.txt'), 'my own words, cat\n');
    expect(await named('replace_text').call(input, context({ preview }))).toMatchObject({
      ok: false,
      fault: { code: 'FILE_CHANGED', data: { path: 'c.txt' } },
    });
    expect(['a.txt', 'b.txt', 'c.txt'].map(text)).toEqual(['cat\n', 'cat\n', 'my own words, cat\n']);
    expect(parts()).toEqual([]);
  });

  it('is refused where a file is not what it was when it was searched', async () => {
    folder.write({ 'a.txt': 'cat\n' });
    const files = [{ path: 'a.txt', before: hashOf('something else\n') }];
    expect(await faultOf(named('replace_text'), { from: 'cat', to: 'dog', files }, context())).toBe(
      'FILE_CHANGED',
    );
  });
});

describe('a change that stops halfway', () => {
  /** Changes three files, the third of which somebody else writes once the first two have their new texts. */
  async function stopped(takingBack: () => void): Promise<ToolResult> {
    folder.write({ 'a.txt': 'cat\n', 'b.txt': 'cat\n', 'c.txt': 'cat\n' });
    const input = { from: 'cat', to: 'dog', files: ['a.txt', 'b.txt', 'c.txt'].map(fileOf) };
    const preview = await previewOf('replace_text', input);
    let changed = 0;
    const disarm = [
      arm('files.change.after', () => {
        changed += 1;
        if (changed === 2) writeFileSync(folder.at('c.txt'), 'my own words\n');
      }),
      arm('files.back.before', takingBack),
    ];
    try {
      return await named('replace_text').call(input, context({ preview }));
    } finally {
      for (const one of disarm) one();
    }
  }

  it('takes back every file that it had changed', async () => {
    expect(await stopped(() => undefined)).toMatchObject({ ok: false, fault: { code: 'FILE_CHANGED' } });
    expect(['a.txt', 'b.txt', 'c.txt'].map(text)).toEqual(['cat\n', 'cat\n', 'my own words\n']);
  });

  it('names the files that could not be taken back, and those alone', async () => {
    const result = await stopped(() => {
      // What stands in the way of the text before: a folder under the name it would wait under.
      const part = folder.at(`.soma-${hashOf(folder.at('a.txt')).slice(0, 16)}.part`);
      mkdirSync(join(part, 'in-the-way'), { recursive: true });
    });
    expect(result).toMatchObject({
      ok: false,
      fault: {
        code: 'CHANGE_LEFT_HALF',
        data: { files: ['a.txt'], path: 'c.txt', cause: 'FILE_CHANGED' },
      },
    });
    expect(['a.txt', 'b.txt', 'c.txt'].map(text)).toEqual(['dog\n', 'cat\n', 'my own words\n']);
  });

  it('names a file that somebody else wrote over the change', async () => {
    const result = await stopped(() => writeFileSync(folder.at('a.txt'), 'theirs\n'));
    expect(result).toMatchObject({ fault: { code: 'CHANGE_LEFT_HALF', data: { files: ['a.txt'] } } });
    expect(['a.txt', 'b.txt'].map(text)).toEqual(['theirs\n', 'cat\n']);
  });
});

describe('files that may not be changed', () => {
  const refused = async (path: string, before: string | null = null) =>
    faultOf(named('write_files'), { files: [{ path, before, text: 'x\n' }] }, context());

  it('are those outside, by name or through a link', async () => {
    const outside = sampleFolder({ 'secret.txt': 'secret\n', 'below/': '' });
    symlinkSync(outside.at('secret.txt'), folder.at('link.txt'));
    symlinkSync(outside.at('below'), folder.at('below'));
    symlinkSync(outside.at('new.txt'), folder.at('dangling.txt'));
    expect(await refused('../x.txt')).toBe('PATH_OUTSIDE');
    expect(await refused(outside.at('x.txt'))).toBe('PATH_OUTSIDE');
    expect(await refused('link.txt', hashOf('secret\n'))).toBe('PATH_OUTSIDE');
    expect(await refused('below/x.txt')).toBe('PATH_OUTSIDE');
    expect(await refused('dangling.txt')).toBe('FILE_UNWRITABLE');
    expect(readFileSync(outside.at('secret.txt'), 'utf8')).toBe('secret\n');
    expect(readdirSync(outside.path).sort()).toEqual(['below', 'secret.txt']);
    outside.remove();
  });

  it('are read-only ones, and those whose bytes would not come back the same', async () => {
    folder.write({
      'fixed.txt': 'cat\n',
      'latin.txt': Uint8Array.of(0xe9, 10),
      'zero.bin': Uint8Array.of(0, 1),
    });
    chmodSync(folder.at('fixed.txt'), 0o444);
    expect(await refused('fixed.txt', hashOf('cat\n'))).toBe('FILE_READ_ONLY');
    expect(await refused('latin.txt', hashOf('é\n'))).toBe('FILE_NOT_UTF8');
    expect(await refused('zero.bin', hashOf('\0\x01'))).toBe('FILE_NOT_UTF8');
    expect(text('fixed.txt')).toBe('cat\n');
  });
});

describe('writing whole files', () => {
  it('makes new ones with their folders, writes over those it knows, and deletes', async () => {
    folder.write({ 'old.txt': 'old\n', 'gone.txt': 'gone\n' });
    const files = [
      { path: 'new/deep/file.txt', before: null, text: 'new\n' },
      { ...fileOf('old.txt'), text: 'newer\n' },
      { ...fileOf('gone.txt'), text: null },
    ];
    const output = await outputOf(named('write_files'), { files }, context());
    expect([text('new/deep/file.txt'), text('old.txt')]).toEqual(['new\n', 'newer\n']);
    expect(existsSync(folder.at('gone.txt'))).toBe(false);
    expect(output).toMatchObject({
      files: [{ kind: 'deleted' }, { kind: 'created', added: 1 }, { kind: 'changed' }],
    });
  });

  it('never writes over a file that nobody has read', async () => {
    folder.write({ 'here.txt': 'mine\n' });
    const files = [{ path: 'here.txt', before: null, text: 'theirs\n' }];
    expect(await faultOf(named('write_files'), { files }, context())).toBe('FILE_CHANGED');
    expect(text('here.txt')).toBe('mine\n');
  });

  it('leaves no new folder behind when it does not come to it', async () => {
    folder.write({ 'a.txt': 'a\n' });
    const files = [
      { path: 'new/b.txt', before: null, text: 'b\n' },
      { ...fileOf('a.txt'), text: 'x\n' },
    ];
    const input = { files };
    const preview = await previewOf('write_files', input);
    writeFileSync(folder.at('a.txt'), 'other\n');
    expect(await faultOf(named('write_files'), input, context({ preview }))).toBe('FILE_CHANGED');
    expect(existsSync(join(folder.path, 'new'))).toBe(false);
  });
});

describe('hunks', () => {
  it('take the place of the lines they name, with the line ends of the file', () => {
    expect(applyHunks('f', 'a\r\nb\r\nc\r\n', [{ line: 2, remove: ['b'], insert: ['x', 'y'] }])).toBe(
      'a\r\nx\r\ny\r\nc\r\n',
    );
    expect(applyHunks('f', 'a\nb', [{ line: 2, remove: ['b'], insert: ['c'] }])).toBe('a\nc');
    expect(applyHunks('f', 'a\nb', [{ line: 3, remove: [], insert: ['c'] }])).toBe('a\nb\nc');
    expect(applyHunks('f', '', [{ line: 1, remove: [], insert: ['a', 'b'] }])).toBe('a\nb\n');
    expect(applyHunks('f', 'a\nb\n', [{ line: 1, remove: ['a', 'b'], insert: [] }])).toBe('');
  });

  it('are refused where the lines they name do not stand, or they are out of order', () => {
    expect(() => applyHunks('f', 'a\n', [{ line: 1, remove: ['b'], insert: [] }])).toThrow('FILE_CHANGED');
    const twice = [
      { line: 2, remove: ['b'], insert: [] },
      { line: 1, remove: ['a'], insert: [] },
    ];
    expect(() => applyHunks('f', 'a\nb\n', twice)).toThrow('TOOL_INPUT_INVALID');
  });
});
