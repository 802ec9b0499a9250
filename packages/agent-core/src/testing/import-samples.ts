/** For each way in which a language resolves imports: files, and every arrow that must be found, as `file:line -> file`. */
export const MAPS: { name: string; files: Record<string, string>; arrows: string[] }[] = [
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
