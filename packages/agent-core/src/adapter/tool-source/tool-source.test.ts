import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  aToolContext,
  faultOf,
  outputOf,
  type SampleFolder,
  sampleFolder,
} from '../../testing/sample-folder.ts';
import { verifyClaims } from '../../verify/index.ts';
import { createSourceTools } from './index.ts';
import languages from './languages.json' with { type: 'json' };

const tools = createSourceTools();
const outline = toolNamed('outline_files');
const imports = toolNamed('map_imports');

function toolNamed(name: string) {
  const tool = tools.find((one) => one.describe().name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
}

const Place = z.object({ path: z.string(), line: z.number(), quote: z.string() });
const ImportMap = z.object({
  files: z.array(
    z.object({ path: z.string(), importers: z.number(), imports: z.number(), at: z.array(Place) }),
  ),
  packages: z.array(z.object({ name: z.string(), files: z.number(), at: Place })),
  edges: z.number(),
  parsed: z.number(),
  graph: z
    .object({ nodes: z.array(z.looseObject({ id: z.string() })), edges: z.array(z.unknown()) })
    .nullable(),
});
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

async function mapOf(files: Record<string, string>) {
  folder = sampleFolder(files);
  const map = ImportMap.parse(await outputOf(imports, {}, aToolContext(folder.path)));
  const edges = map.files.flatMap(({ path, at }) =>
    at.map((place) => `${place.path}:${place.line} -> ${path}`),
  );
  return { ...map, arrows: edges.sort() };
}

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

/** For each way of resolving: files, and every arrow that must be found. */
const MAPS: { name: string; files: Record<string, string>; arrows: string[] }[] = [
  {
    name: 'JavaScript and TypeScript: endings left out, compiled names, folders, require, dynamic import, re-export, statements over lines',
    files: {
      'a.js':
        "import { b } from './b.js';\nconst c = require('./lib');\nexport * from './d';\nimport('./e.mjs');\nimport {\n  f,\n} from './f.js';\nconst g = require(\n  './g',\n);\n",
      'b.js': '',
      'lib/index.js': '',
      'd.ts': '',
      'e.mjs': '',
      'f.ts': '',
      'g.json': '{}',
      'w.tsx': "import { h } from './h';\n",
      'h.jsx': '',
      'p/package.json': '{"main":"./start.js"}',
      'p/start.js': '',
      'q.cjs': "require('./p');require('.');\n",
    },
    arrows: [
      'a.js:1 -> b.js',
      'a.js:2 -> lib/index.js',
      'a.js:3 -> d.ts',
      'a.js:4 -> e.mjs',
      'a.js:7 -> f.ts',
      'a.js:9 -> g.json',
      'q.cjs:1 -> p/start.js',
      'w.tsx:1 -> h.jsx',
    ],
  },
  {
    name: 'JavaScript packages of the folder itself: by main, by exports with conditions and patterns, by path',
    files: {
      'package.json': '{"name":"root","workspaces":["packages/*"]}',
      'packages/a/package.json':
        '{"name":"@x/a","exports":{".":{"types":"./a.d.ts","default":"./src/a.ts"},"./sub":"./src/sub.ts","./deep/*":"./src/deep/*.ts"}}',
      'packages/a/src/a.ts': '',
      'packages/a/src/sub.ts': '',
      'packages/a/src/deep/one.ts': '',
      'packages/b/package.json': '{"name":"b","main":"lib/b"}',
      'packages/b/lib/b.js': '',
      'packages/b/more.js': '',
      'app.ts':
        "import '@x/a';\nimport '@x/a/sub';\nimport '@x/a/deep/one';\nimport 'b';\nimport 'b/more.js';\nimport 'left-pad';\n",
    },
    arrows: [
      'app.ts:1 -> packages/a/src/a.ts',
      'app.ts:2 -> packages/a/src/sub.ts',
      'app.ts:3 -> packages/a/src/deep/one.ts',
      'app.ts:4 -> packages/b/lib/b.js',
      'app.ts:5 -> packages/b/more.js',
    ],
  },
  {
    name: 'Python: absolute, relative, packages, aliases, several in one statement, the nearest of the same name',
    files: {
      'pkg/__init__.py': '',
      'pkg/a.py':
        'import os\nfrom . import b\nfrom .c import x\nfrom ..top import y\nimport pkg.d as d, pkg.e\nimport util\nimport top.member\n',
      'pkg/b.py': '',
      'pkg/c.py': '',
      'pkg/d.py': '',
      'pkg/e/__init__.py': '',
      'top.py':
        'from pkg import a\nfrom pkg.c import (\n  x,\n)\nif True: import pkg.d\nfrom pkg import (  # many\n  util as u,  # one\n  e,\n)\n',
      'pkg/util.py': '',
      'other/util.py': '',
    },
    arrows: [
      'pkg/a.py:2 -> pkg/b.py',
      'pkg/a.py:3 -> pkg/c.py',
      'pkg/a.py:4 -> top.py',
      'pkg/a.py:5 -> pkg/d.py',
      'pkg/a.py:5 -> pkg/e/__init__.py',
      'pkg/a.py:6 -> pkg/util.py',
      'top.py:1 -> pkg/a.py',
      'top.py:2 -> pkg/c.py',
      'top.py:5 -> pkg/d.py',
      'top.py:6 -> pkg/util.py',
      'top.py:6 -> pkg/e/__init__.py',
    ],
  },
  {
    name: 'Go: single imports, blocks, aliases, nested modules',
    files: {
      'go.mod': 'module example.com/m\n',
      'main.go':
        'package main\n\nimport "example.com/m/a"\nimport (\n\t"fmt"\n\n\tbb "example.com/m/b"\n\t// a comment\n\t"example.com/m/sub/c"\n\t_ "example.com/m"\n)\n',
      'a/a.go': 'package a\n',
      'b/first.go': 'package b\n',
      'b/first_test.go': 'package b\n',
      'sub/go.mod': 'module example.com/m/sub\n',
      'sub/c/c.go': 'package c\n',
      'root.go': 'package main\n',
    },
    arrows: [
      'main.go:10 -> root.go',
      'main.go:3 -> a/a.go',
      'main.go:7 -> b/first.go',
      'main.go:9 -> sub/c/c.go',
    ],
  },
  {
    name: 'Rust: modules beside and below, crate, self and super paths, groups',
    files: {
      'src/main.rs': 'mod a;\npub mod b;\nuse crate::a::Thing;\nuse crate::b::inner::{X, Y};\n',
      'src/a.rs': 'use super::b;\nuse std::fmt;\nmod deep;\n',
      'src/a/deep.rs': 'use crate::b;\n',
      'src/b/mod.rs': 'mod inner;\nuse self::inner::X;\n',
      'src/b/inner.rs': '',
    },
    arrows: [
      'src/a.rs:1 -> src/b/mod.rs',
      'src/a.rs:3 -> src/a/deep.rs',
      'src/a/deep.rs:1 -> src/b/mod.rs',
      'src/b/mod.rs:1 -> src/b/inner.rs',
      'src/main.rs:1 -> src/a.rs',
      'src/main.rs:2 -> src/b/mod.rs',
      'src/main.rs:4 -> src/b/inner.rs',
    ],
  },
  {
    name: 'Java: by the end of the path',
    files: {
      'src/main/java/x/A.java': 'package x;\nimport x.y.B;\nimport java.util.List;\nimport static x.y.C.d;\n',
      'src/main/java/x/y/B.java': 'package x.y;\n',
      'src/main/java/x/y/C.java': 'package x.y;\n',
    },
    arrows: [
      'src/main/java/x/A.java:2 -> src/main/java/x/y/B.java',
      'src/main/java/x/A.java:4 -> src/main/java/x/y/C.java',
    ],
  },
  {
    name: 'C and C++: beside, below, and from an include folder',
    files: {
      'src/a.c': '#include "a.h"\n#include <stdio.h>\n#  include "sub/b.h"\n#include <lib/c.hpp>\n',
      'src/a.h': '',
      'src/sub/b.h': '',
      'include/lib/c.hpp': '',
      'src/d.cpp': '#include "../src/a.h"\n',
    },
    arrows: [
      'src/a.c:1 -> src/a.h',
      'src/a.c:3 -> src/sub/b.h',
      'src/a.c:4 -> include/lib/c.hpp',
      'src/d.cpp:1 -> src/a.h',
    ],
  },
  {
    name: 'Ruby: require_relative, require from lib, load',
    files: {
      'bin/run.rb':
        "require 'x/y'\nrequire_relative '../lib/z'\nrequire 'json'\nload 'own.rb'\nputs 'own.rb'\n",
      'lib/x/y.rb': '',
      'lib/z.rb': '',
      'bin/own.rb': '',
    },
    arrows: ['bin/run.rb:1 -> lib/x/y.rb', 'bin/run.rb:2 -> lib/z.rb', 'bin/run.rb:4 -> bin/own.rb'],
  },
  {
    name: 'PHP: require and include, with __DIR__',
    files: {
      'a.php': "<?php\nrequire 'b.php';\nrequire_once __DIR__ . '/lib/c.php';\ninclude('d.php');\n",
      'b.php': '<?php\n',
      'lib/c.php': '<?php\n',
      'd.php': '<?php\n',
    },
    arrows: ['a.php:2 -> b.php', 'a.php:3 -> lib/c.php', 'a.php:4 -> d.php'],
  },
  {
    name: 'Shell: source and dot, quoted, from a folder in a variable',
    files: {
      'a.sh': '#!/bin/sh\n. ./b.sh\nsource lib/c.sh\n. "$HERE/d.sh"\necho ./b.sh\n',
      'b.sh': '',
      'lib/c.sh': '',
      'd.sh': '',
    },
    arrows: ['a.sh:2 -> b.sh', 'a.sh:3 -> lib/c.sh', 'a.sh:4 -> d.sh'],
  },
];

describe('mapping imports', () => {
  it.each(MAPS)('resolves $name', async ({ files, arrows }) => {
    expect((await mapOf(files)).arrows).toEqual([...arrows].sort());
  });

  it.each(MAPS)(
    'makes claims that Verify accepts, and refuses them one off or about another file: $name',
    async ({ files }) => {
      const map = await mapOf(files);
      const where = { folder: folder.path, signal: new AbortController().signal };
      for (const { path, importers, at } of map.files) {
        const [first] = at;
        if (first === undefined) continue;
        const claim = (change: object) => ({
          kind: 'recounted' as const,
          id: 'c',
          text: 't',
          citation: first,
          recount: { of: 'importers' as const, subject: path, value: importers, at, ...change },
        });
        const others = Object.keys(files).filter(
          (other) => other !== path && !/\.go$|__init__\.py$/.test(other) && !other.endsWith('.json'),
        );
        const wrong = [
          claim({ value: importers + 1 }),
          claim({ at: [] }),
          claim({ at: at.map((one) => ({ ...one, line: one.line + 40 })) }),
        ];
        const about = others.filter(
          (other) =>
            !map.files.some(
              (file) =>
                file.path === other &&
                file.at.some((one) => one.path === first.path && one.line === first.line),
            ),
        );
        const checked = await verifyClaims(
          [claim({}), ...wrong, ...about.map((subject) => claim({ subject }))],
          where,
        );
        expect(
          checked.map(({ verdict }) => verdict.checked),
          `${path} by ${first.path}:${first.line}`,
        ).toEqual([true, ...checked.slice(1).map(() => false)]);
      }
    },
  );

  it('names the packages from outside, most used first, with a line that uses them', async () => {
    const { packages } = await mapOf({
      'a.js': "import fs from 'node:fs';\nimport x from '@scope/pkg/deep';\nimport y from './missing.js';\n",
      'b.js': "const fs = require('node:fs');\n",
      'c.py': 'import numpy.linalg\n',
    });
    expect(packages.map(({ name, files, at }) => [name, files, at.path, at.line])).toEqual([
      ['node:fs', 2, 'a.js', 1],
      ['@scope/pkg', 1, 'a.js', 2],
      ['numpy', 1, 'c.py', 1],
    ]);
  });

  it('draws the most connected files, or nothing when nothing is connected', async () => {
    const { graph } = await mapOf({ 'a.js': "import './b.js';\n", 'b.js': '', 'c.js': '' });
    expect(graph?.nodes.map(({ id }) => id).sort()).toEqual(['a.js', 'b.js']);
    folder.remove();
    expect((await mapOf({ 'a.js': '' })).graph).toBeNull();
  });
});
