import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  aToolContext,
  faultOf,
  outputOf,
  type SampleFolder,
  sampleFolder,
} from '../../testing/sample-folder.ts';
import { createSourceTools } from './index.ts';
import languages from './languages.json' with { type: 'json' };

const tool = createSourceTools().find((one) => one.describe().name === 'outline_files');
if (tool === undefined) throw new Error('the tool is missing');
const outline = tool;

const Outline = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      symbols: z.array(
        z.object({ name: z.string(), line: z.number(), quote: z.string(), public: z.boolean() }),
      ),
    }),
  ),
  unread: z.number(),
});

let folder: SampleFolder;
afterEach(() => folder.remove());

async function outlineOf(files: Record<string, string>, input: object = {}) {
  folder = sampleFolder(files);
  return Outline.parse(await outputOf(outline, { ...input }, aToolContext(folder.path)));
}

/** For each grammar: a source, its public symbols as `name:line`, and its others. */
const SOURCES: Record<string, { path: string; text: string; symbols: string[]; hidden?: string[] }> = {
  javascript: {
    path: 'a.js',
    text: 'export function one() {}\nexport const two = 2, three = 3;\nexport default class Four {}\nfunction five() {}\nfunction six() {}\nmodule.exports = five;\nother.thing = six;\n',
    symbols: ['one:1', 'two:2', 'three:2', 'Four:3', 'five:4'],
    hidden: ['six:5'],
  },
  typescript: {
    path: 'a.ts',
    text: 'export interface One {}\nexport type Two = string;\nexport abstract class Three {}\nexport enum Four { A }\nexport const five = 5;\nfunction six() {}\n',
    symbols: ['One:1', 'Two:2', 'Three:3', 'Four:4', 'five:5'],
    hidden: ['six:6'],
  },
  tsx: {
    path: 'a.tsx',
    text: 'export function One() { return <p>x</p>; }\nfunction two() {}\n',
    symbols: ['One:1'],
    hidden: ['two:2'],
  },
  python: {
    path: 'a.py',
    text: 'class One:\n    def inner(self): pass\n\n@decorated\ndef two(): pass\n\ndef _three(): pass\nasync def four(): pass\n',
    symbols: ['One:1', 'two:5', 'four:8'],
    hidden: ['_three:7'],
  },
  go: {
    path: 'a.go',
    text: 'package a\n\nfunc One() {}\nfunc two() {}\ntype Three struct{}\nfunc (t Three) Four() {}\n',
    symbols: ['One:3', 'Three:5', 'Four:6'],
    hidden: ['two:4'],
  },
  rust: {
    path: 'a.rs',
    text: 'pub fn one() {}\nfn two() {}\npub struct Three;\npub(crate) enum Four { A }\npub mod five;\n',
    symbols: ['one:1', 'Three:3', 'Four:4', 'five:5'],
    hidden: ['two:2'],
  },
  java: {
    path: 'A.java',
    text: 'package x;\n\npublic class A {\n  public void b() {}\n}\n',
    symbols: ['A:3'],
  },
  cpp: {
    path: 'a.cpp',
    text: 'int one(int a) { return a; }\nstruct Two { int x; };\nclass Three { public: int y; };\ntypedef int Four;\nnamespace n { class Five { }; }\nchar *six(void) { return 0; }\n',
    symbols: ['one:1', 'Two:2', 'Three:3', 'Four:4', 'Five:5', 'six:6'],
  },
  ruby: {
    path: 'a.rb',
    text: 'module One\nend\nclass Two\nend\ndef three\nend\n',
    symbols: ['One:1', 'Two:3', 'three:5'],
  },
  php: {
    path: 'a.php',
    text: '<?php\nfunction one() {}\nclass Two {}\ninterface Three {}\n',
    symbols: ['one:2', 'Two:3', 'Three:4'],
  },
  'c-sharp': {
    path: 'a.cs',
    text: 'namespace N {\n  public class One {}\n  public interface ITwo {}\n  public enum Three { A }\n}\n',
    symbols: ['One:2', 'ITwo:3', 'Three:4'],
  },
  bash: { path: 'a.sh', text: 'one() { true; }\nfunction two { true; }\n', symbols: ['one:1', 'two:2'] },
};

describe('outlining', () => {
  it.each(languages.map(({ grammar }) => grammar))(
    'finds the public symbols of %s, each with its line',
    async (grammar) => {
      const source = SOURCES[grammar];
      if (source === undefined) throw new Error('every language needs a source here');
      const { files } = await outlineOf({ [source.path]: source.text });
      const symbols = files.flatMap((file) => file.symbols);
      expect(symbols.map(({ name, line }) => `${name}:${line}`)).toEqual(source.symbols);
      for (const { line, quote } of symbols) expect(quote).toBe(source.text.split('\n')[line - 1]);
    },
  );

  it('shows what a file has when nothing of it is public', async () => {
    const { files } = await outlineOf({ 'a.js': 'function main() {}\n' });
    expect(files).toMatchObject([{ path: 'a.js', symbols: [{ name: 'main', public: false }] }]);
  });

  it('takes the files named, in that order, tests last, and finds what an entry of a manifest means', async () => {
    const fn = 'export function f() {}\n';
    const files = {
      'src/index.ts': fn,
      'b.js': fn,
      'pylib/gyp/__init__.py': 'def script_main(): pass\n',
      'tool/__main__.py': 'def run(): pass\n',
      'test/b.test.js': fn,
      'bin/cli.js': fn,
    };
    const paths = [
      'test/b.test.js',
      './b.js',
      'dist/index.js',
      'gyp:script_main',
      'bin/cli',
      'tool:run',
      'missing.js',
    ];
    const found = await outlineOf(files, { paths });
    expect(found.files.map(({ path }) => path)).toEqual([
      'b.js',
      'src/index.ts',
      'pylib/gyp/__init__.py',
      'bin/cli.js',
      'tool/__main__.py',
      'test/b.test.js',
    ]);
  });

  it('counts what it cannot read and goes on, and never quotes a line that is too long', async () => {
    const { files, unread } = await outlineOf({
      'big.js': 'x'.repeat(600_000),
      'binary.py': 'a\0b',
      'long.js': `export function long() { return '${'x'.repeat(3000)}'; }\nexport function short() {}\n`,
      'broken.js': 'export function a( {{{ \nexport function ok() {}\n',
    });
    expect(unread).toBe(2);
    expect(files.find(({ path }) => path === 'long.js')?.symbols.map(({ name }) => name)).toEqual(['short']);
  });

  it('sees a file again when it changed', async () => {
    const { files } = await outlineOf({ 'a.js': 'export const a = 1;\n' });
    expect(files[0]?.symbols[0]?.name).toBe('a');
    folder.write({ 'a.js': 'export const other = 1;\n' });
    const again = Outline.parse(await outputOf(outline, {}, aToolContext(folder.path)));
    expect(again.files[0]?.symbols[0]?.name).toBe('other');
  });

  it('refuses a folder that is gone and stops within 100 ms when it is cancelled', async () => {
    const slow = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `f${index}.js`,
        `export const a${index} = [${'1,'.repeat(5000)}];\n`,
      ]),
    );
    folder = sampleFolder(slow);
    expect(await faultOf(outline, {}, aToolContext(folder.at('gone')))).toBe('FOLDER_GONE');
    const stop = new AbortController();
    const call = outline.call({}, aToolContext(folder.path, { signal: stop.signal }));
    let aborted = Number.POSITIVE_INFINITY;
    setTimeout(() => {
      aborted = performance.now();
      stop.abort();
    }, 150);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - aborted).toBeLessThan(100);
  });
});
