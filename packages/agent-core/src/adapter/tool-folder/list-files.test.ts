import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  aToolContext,
  faultOf,
  outputOf,
  type SampleFolder,
  sampleFolder,
} from '../../testing/sample-folder.ts';
import { createListFiles } from './list-files.ts';

const Listing = z.object({
  files: z.array(z.object({ path: z.string(), lines: z.number().nullable() }).loose()),
  count: z.number(),
  truncated: z.boolean(),
  notRead: z.array(z.object({ path: z.string(), reason: z.string(), folder: z.boolean() })),
});

let folder: SampleFolder;

afterEach(() => {
  // Paths longer than a system call takes can only be removed folder by folder, as rm does.
  execFileSync('rm', ['-rf', folder.path]);
});

async function list(limit?: number) {
  const tool = createListFiles(limit);
  const output = Listing.parse(await outputOf(tool, {}, aToolContext(folder.path)));
  const reasons = Object.fromEntries(output.notRead.map(({ path, reason }) => [path, reason]));
  return { ...output, paths: output.files.map(({ path }) => path), reasons };
}

describe('listing a folder', () => {
  it('names every file with its size, lines, language and first line that is not blank', async () => {
    folder = sampleFolder({ 'a.py': '\n\nimport os\nprint(1)', 'sub/b.md': '# B\r\ntext\r\n' });
    expect((await list()).files).toEqual([
      { path: 'a.py', size: 20, lines: 4, language: 'Python', first: { line: 3, quote: 'import os' } },
      { path: 'sub/b.md', size: 11, lines: 2, language: 'Markdown', first: { line: 1, quote: '# B' } },
    ]);
  });

  it('lets the .gitignore nearest to a file decide, with its exceptions', async () => {
    folder = sampleFolder({
      '.gitignore': '*.log\n/build/\n!keep.log\n',
      'a.log': 'x\n',
      'keep.log': 'x\n',
      'build/out.js': 'x\n',
      'src/build/kept.js': 'x\n',
      'src/.gitignore': '!b.log\n*.tmp\n',
      'src/b.log': 'x\n',
      'src/c.tmp': 'x\n',
      'c.tmp': 'x\n',
    });
    const { paths, reasons } = await list();
    expect(paths).toEqual([
      '.gitignore',
      'c.tmp',
      'keep.log',
      'src/.gitignore',
      'src/b.log',
      'src/build/kept.js',
    ]);
    expect(reasons).toEqual({ 'a.log': 'ignored', build: 'ignored', 'src/c.tmp': 'ignored' });
  });

  it('enters no folder of dependencies, generated files or version control, and says so of the first two', async () => {
    folder = sampleFolder({
      'node_modules/x/index.js': 'x\n',
      '__pycache__/x.pyc': 'x\n',
      '.git/HEAD': 'x\n',
      'a.js': 'x\n',
    });
    const { paths, reasons } = await list();
    expect(paths).toEqual(['a.js']);
    expect(reasons).toEqual({ node_modules: 'dependencies', __pycache__: 'generated' });
  });

  it('lists binary, empty and too large files without reading them as text', async () => {
    folder = sampleFolder({
      'binary.bin': Uint8Array.of(65, 0, 66),
      'empty.txt': '',
      'large.txt': 'x'.repeat(2 * 1024 * 1024 + 1),
      'one.txt': 'one',
    });
    const { files, reasons, count } = await list();
    expect(count).toBe(4);
    expect(reasons).toEqual({ 'binary.bin': 'binary', 'empty.txt': 'empty', 'large.txt': 'too-large' });
    expect(files.filter(({ lines }) => lines !== null).map(({ path }) => path)).toEqual(['one.txt']);
  });

  it('goes on past a folder that cannot be opened and names it', async () => {
    folder = sampleFolder({ 'a.txt': 'a\n' });
    deepFolder(folder.path);
    const { paths, notRead } = await list();
    expect(paths).toEqual(['a.txt']);
    expect(notRead.map(({ reason, folder: isFolder }) => ({ reason, isFolder }))).toEqual([
      { reason: 'unreadable', isFolder: true },
    ]);
  });

  it('lists a file whose name is no UTF-8 as one that could not be read', async () => {
    folder = sampleFolder({ 'a.txt': 'a\n' });
    writeFileSync(Buffer.concat([Buffer.from(`${folder.path}/bad-`), Buffer.of(0xff, 0xfe)]), 'x\n');
    const { count, notRead } = await list();
    expect(count).toBe(2);
    expect(notRead.map(({ reason }) => reason)).toEqual(['unreadable']);
  });

  it('lists what a link inside leads to once, where it lies, and names links that lead out or nowhere', async () => {
    folder = sampleFolder({ 'real/a.txt': 'a\n' });
    symlinkSync('real/a.txt', folder.at('second.txt'));
    symlinkSync('/etc/passwd', folder.at('out.txt'));
    symlinkSync('missing', folder.at('nowhere'));
    const { paths, reasons } = await list();
    expect(paths).toEqual(['real/a.txt']);
    expect(reasons).toEqual({ 'out.txt': 'link-out', nowhere: 'link-out' });
  });

  it('ends in a folder of links that lead in circles', async () => {
    folder = sampleFolder({ 'a/b/c.txt': 'c\n' });
    symlinkSync('../..', folder.at('a/b/up'));
    symlinkSync('self', folder.at('self'));
    const { paths } = await list();
    expect(paths).toEqual(['a/b/c.txt']);
  });

  it('keeps names with newlines, quotes and spaces as they are', async () => {
    const name = 'two\nlines "quoted" \u00e9\u{1f600}.txt';
    folder = sampleFolder({ [name]: 'x\n' });
    expect((await list()).paths).toEqual([name]);
  });

  it('counts the lines of text that is no UTF-8', async () => {
    folder = sampleFolder({ 'latin.txt': Uint8Array.of(0xe9, 10, 0x41, 10) });
    expect((await list()).files).toMatchObject([
      { path: 'latin.txt', lines: 2, first: { line: 1, quote: '\ufffd' } },
    ]);
  });

  it('names a pipe without waiting for whoever would write to it', async () => {
    folder = sampleFolder({ 'a.txt': 'a\n' });
    execFileSync('mkfifo', [folder.at('pipe')]);
    expect((await list()).reasons).toEqual({ pipe: 'not-a-file' });
  });

  it('stops at its limit and says that there is more', async () => {
    folder = sampleFolder(
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`d${index % 5}/f${index}`, 'x\n'])),
    );
    const few = await list(12);
    expect(few.count).toBe(12);
    expect(few.truncated).toBe(true);
    const exact = await list(30);
    expect(exact.count).toBe(30);
    expect(exact.truncated).toBe(false);
  });

  it('reads a file again only when it changed', async () => {
    folder = sampleFolder({ 'a.txt': 'one\n' });
    const tool = createListFiles();
    const first = await outputOf(tool, {}, aToolContext(folder.path));
    expect(first).toMatchObject({ lines: 1 });
    folder.write({ 'a.txt': 'one\ntwo\n' });
    expect(await outputOf(tool, {}, aToolContext(folder.path))).toMatchObject({ lines: 2 });
  });

  it('refuses input it does not know and folders that are gone or no folders', async () => {
    folder = sampleFolder({ 'a.txt': 'a\n' });
    const tool = createListFiles();
    expect(await faultOf(tool, 'x', aToolContext(folder.path))).toBe('TOOL_INPUT_INVALID');
    expect(await faultOf(tool, {}, aToolContext(folder.at('missing')))).toBe('FOLDER_GONE');
    expect(await faultOf(tool, {}, aToolContext(folder.at('a.txt')))).toBe('FOLDER_NOT_A_FOLDER');
  });

  it('says that the folder is gone when it goes while it is read', async () => {
    folder = sampleFolder(
      Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`d${index % 40}/f${index}`, 'x\n'])),
    );
    const progress = () => folder.remove();
    expect(await faultOf(createListFiles(), {}, aToolContext(folder.path, { progress }))).toBe('FOLDER_GONE');
  });

  it('stops within 100 ms when it is cancelled', async () => {
    folder = sampleFolder();
    for (let index = 0; index < 6000; index += 1) {
      if (index % 100 === 0) mkdirSync(folder.at(`d${index / 100}`));
      writeFileSync(folder.at(`d${Math.floor(index / 100)}/f${index}`), 'x\n');
    }
    const stop = new AbortController();
    let aborted = Number.POSITIVE_INFINITY;
    const progress = () => {
      if (stop.signal.aborted) return;
      aborted = performance.now();
      stop.abort();
    };
    const call = createListFiles().call({}, aToolContext(folder.path, { signal: stop.signal, progress }));
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - aborted).toBeLessThan(100);
  });
});

/** A chain of folders whose last one has a path longer than the system takes, for root too. */
function deepFolder(path: string): void {
  const name = 'd'.repeat(200);
  const code = `process.chdir(${JSON.stringify(path)}); for (let i = 0; i < 25; i++) { require('fs').mkdirSync('${name}'); process.chdir('${name}'); }`;
  execFileSync(process.execPath, ['-e', code], { cwd: join(path) });
}
