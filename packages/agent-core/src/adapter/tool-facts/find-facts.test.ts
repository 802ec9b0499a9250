import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { verifyClaims } from '../../verify/index.ts';
import { Fact } from './fact.ts';
import { findFacts } from './find-facts.ts';
import manifests from './manifest.json' with { type: 'json' };

const Facts = z.object({
  facts: z.array(Fact),
  top: z.array(Fact),
  headings: z.array(Fact),
  sources: z.array(z.string()),
});
let folder: SampleFolder;
afterEach(() => folder.remove());

async function factsOf(files: Record<string, string | Uint8Array>) {
  folder = sampleFolder(files);
  return Facts.parse(await outputOf(findFacts, {}, aToolContext(folder.path)));
}

/** A fact as `kind value @line`, with its command behind `>`. */
function shown({ kind, value, line, command }: Fact): string {
  return `${kind} ${value} @${line}${command === null ? '' : ` > ${command}`}`;
}

/** For each row of the table a file, and everything it states. */
const SAMPLES: Record<string, { text: string; facts: string[]; name?: string }> = {
  'package.json': {
    text: '{\n  "name": "x",\n  "version": "1.2.3",\n  "description": "Does x.",\n  "license": "MIT",\n  "main": "./x.js",\n  "exports": { ".": { "import": "./x.mjs" } },\n  "bin": { "x": "cli.js" },\n  "scripts": {\n    "start": "node .",\n    "test": "vitest",\n    "test:unit": "vitest unit",\n    "odd": "echo"\n  },\n  "dependencies": { "left": "^1.0.0" },\n  "engines": { "node": ">=20" }\n}\n',
    facts: [
      'description Does x. @4',
      'name x @2',
      'version 1.2.3 @3',
      'license MIT @5',
      'entry ./x.js @6',
      'entry cli.js @8',
      'entry ./x.mjs @7',
      'script node . @10 > npm start',
      'script vitest @11 > npm test',
      'script vitest unit @12 > npm run test:unit',
      'dependency ^1.0.0 @15',
      'engine >=20 @16',
    ],
  },
  'pyproject.toml': {
    text: '[project]\nname = "x"\nversion = "1.0"\ndescription = "Does x."\nlicense = { text = "BSD" }\nrequires-python = ">=3.9"\ndependencies = ["a"]\n\n[project.scripts]\nx = "x.cli:main"\n\n[tool.pytest.ini_options]\naddopts = "-q"\n',
    facts: [
      'description Does x. @4',
      'name x @2',
      'version 1.0 @3',
      'license BSD @5',
      'engine >=3.9 @6',
      'entry x.cli:main @10',
      'dependency ["a"] @7',
      'test tool.pytest.ini_options @12 > python3 -m pytest',
    ],
  },
  'Cargo.toml': {
    text: '[package]\nname = "x"\nversion = "0.1.0" # of course\nlicense = \'MIT\'\nrust-version = "1.70"\n\n[[bin]]\nname = "x"\npath = "src/x.rs"\n\n[dependencies]\nserde = { version = "1.0", features = ["derive"] }\nlog = "0.4"\n',
    facts: [
      'name x @2',
      'version 0.1.0 @3',
      'license MIT @4',
      'entry src/x.rs @9',
      'entry x @8',
      'engine 1.70 @5',
      'dependency 1.0 @12',
      'dependency 0.4 @13',
      'run cargo build @2 > cargo build',
      'test cargo test @2 > cargo test',
    ],
  },
  'composer.json': {
    text: '{\n "name": "a/b",\n "require": {\n  "php": ">=8"\n },\n "scripts": { "test": ["phpunit", "x"] }\n}\n',
    facts: ['name a/b @2', 'script phpunit @6 > composer test', 'dependency >=8 @4'],
  },
  'deno.json': {
    text: '{\n "name": "@a/b",\n "exports": "./mod.ts",\n "tasks": {\n  "dev": "deno run x.ts"\n }\n}\n',
    facts: ['name @a/b @2', 'entry ./mod.ts @3', 'script deno run x.ts @5 > deno task dev'],
  },
  'go.mod': {
    text: 'module example.com/x\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.0.0\n)\n',
    facts: [
      'name example.com/x @1',
      'engine 1.22 @3',
      'dependency github.com/a/b v1.0.0 @6',
      'test go test ./... @1 > go test ./...',
    ],
  },
  'pom.xml': {
    text: '<project>\n  <artifactId>x</artifactId>\n  <version>1.0</version>\n  <description>Does x.</description>\n</project>\n',
    facts: ['name x @2', 'version 1.0 @3', 'description Does x. @4', 'test mvn test @2 > mvn test'],
  },
  'build.gradle': { text: "group 'org.x'\nversion = '1.0'\n", facts: ['version 1.0 @2', 'name org.x @1'] },
  'build.gradle.kts': {
    text: 'group = "org.x"\nversion = "1.0"\n',
    facts: ['version 1.0 @2', 'name org.x @1'],
  },
  'setup.py': {
    text: "setup(\n  name='x',\n  version='1',\n  description='Does x.',\n  license='MIT',\n)\n",
    facts: ['name x @2', 'version 1 @3', 'description Does x. @4', 'license MIT @5'],
  },
  'setup.cfg': {
    text: '[metadata]\nname = x\nversion = 1\ndescription = Does x.\nlicense = MIT\n',
    facts: ['name x @2', 'version 1 @3', 'description Does x. @4', 'license MIT @5'],
  },
  'requirements.txt': {
    text: '# comment\nflask>=2\n-r other.txt\nnumpy == 1.0\n',
    facts: ['dependency flask>=2 @2', 'dependency numpy == 1.0 @4'],
  },
  Gemfile: { text: "source 'https://x'\ngem 'rails', '~> 7'\n", facts: ['dependency rails @2'] },
  '*.gemspec': {
    name: 'x.gemspec',
    text: "Gem::Specification.new do |s|\n  s.name = 'x'\n  s.version = '1.0'\n  s.summary = 'Does x.'\n  s.license = 'MIT'\nend\n",
    facts: ['name x @2', 'version 1.0 @3', 'description Does x. @4', 'license MIT @5'],
  },
  'CMakeLists.txt': {
    text: 'project(x CXX)\nadd_executable(app main.cpp)\nenable_testing()\n',
    facts: ['name x @1', 'entry app @2', 'test enable_testing() @3'],
  },
  Makefile: {
    text: 'VAR := 1\nall: x\ntest:\n\tgo test\nx: y\n',
    facts: ['target all @2 > make all', 'target test @3 > make test'],
  },
  justfile: {
    text: 'build:\n  cargo build\ntest filter="":\n  cargo test\n',
    facts: ['target build @1 > just build', 'target test @3 > just test'],
  },
  'tox.ini': { text: '[tox]\n[testenv:py]\n', facts: ['test testenv:py @2 > tox'] },
  Dockerfile: { text: 'FROM x\nCMD ["node", "."]\n', facts: ['run ["node", "."] @2'] },
  'binding.gyp': { text: "{ 'targets': [{\n  'target_name': 'x'\n}] }\n", facts: ['name x @2'] },
};

describe('facts of manifests', () => {
  it.each(manifests.map(({ file }) => file))('are read from %s, each with its line', async (file) => {
    const sample = SAMPLES[file];
    if (sample === undefined) throw new Error('every row of the table needs a sample here');
    const name = sample.name ?? file;
    const { facts, sources } = await factsOf({ [name]: sample.text });
    expect(sources).toEqual([name]);
    expect(facts.map(shown)).toEqual(sample.facts);
    const claims = facts.map(({ path, line, quote }) => ({
      kind: 'quoted' as const,
      id: 'f',
      text: 'f',
      citation: { path, line, quote },
    }));
    const checked = await verifyClaims(claims, { folder: folder.path, signal: new AbortController().signal });
    expect(checked.filter(({ verdict }) => !verdict.checked)).toEqual([]);
  });

  it('say a licence that is an object by its type', async () => {
    const { facts } = await factsOf({
      'package.json': '{\n "license": {\n  "url": "https://x",\n  "type": "MIT"\n }\n}\n',
    });
    expect(facts.map(shown)).toEqual(['license MIT @4']);
  });

  it('survive manifests that are broken, empty, huge or deep', async () => {
    const { facts } = await factsOf({
      'package.json': '{ "name": "x", broken',
      'a/package.json': '',
      'b/package.json': '[1, 2]',
      'c/package.json': `${'['.repeat(5000)}`,
      'd/package.json': `{"name": "${'x'.repeat(5000)}"}`,
      'e/package.json': '{"name": 5, "version": null, "scripts": "x", "main": ["a"]}',
      'f/pyproject.toml': '[[[\nname =\n= "x"\n[project]\nname = \n',
      'g/package.json': '{"name": "*a", "version": "&b"}',
    });
    for (const fact of facts) expect(fact.quote.trim()).not.toBe('');
    expect(facts.filter(({ path }) => path === 'e/package.json').map(shown)).toEqual([
      'name 5 @1',
      'entry a @1',
    ]);
  });

  it('take no long time over lines and depths made to take long', async () => {
    const spaces = ' '.repeat(200_000);
    const began = performance.now();
    const { facts } = await factsOf({
      'README.md': `# ${spaces}x\n${'['.repeat(200_000)}\n${'!['.repeat(100_000)}\n`,
      'pyproject.toml': `[${spaces}x\n[project]\nname = "x"${spaces}#\n`,
      'package.json': '['.repeat(500_000),
      'a/package.json': `{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`,
      'b/package.json': `{"name":"x","scripts":{${Array.from({ length: 10_000 }, (_, index) => `"s${index}":"x"`).join(',')}}}`,
      'c/package.json': `{"name":"too large","x":"${'x'.repeat(600_000)}"}`,
      'setup.py': `${spaces}name${spaces}=${spaces}\n`,
    });
    expect(facts.map(({ value }) => value)).not.toContain('too large');
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('keep the table order and put what lies nearest to the top first', async () => {
    const { top, facts, sources } = await factsOf({
      'sub/package.json': '{"name":"sub"}',
      'package.json': '{"name":"root"}',
      'README.md': '# Root\n',
      'setup.py': "name='py'\n",
    });
    expect(sources).toEqual(['README.md', 'package.json', 'setup.py', 'sub/package.json']);
    expect(top.map(({ value }) => value)).toEqual(['Root', 'root', 'py']);
    expect(facts).toHaveLength(4);
  });
});

describe('facts of READMEs', () => {
  it('are the title, the first sentence and the commands of code blocks', async () => {
    const { facts } = await factsOf({
      'README.md':
        '[![badge](x)](y)\n\n# The **Tool**\n\n> quote\n\n- list\n\nIt does [one thing](http://x) well.\n\n```sh\n$ npm install tool\nnpm test\n# npm start\nnode run.js\n```\n\n    pip install tool\n\n`cargo test --all`\n',
    });
    expect(facts.map(shown)).toEqual([
      'title The Tool @3',
      'description It does one thing well. @9',
      'install npm install tool @12 > npm install tool',
      'test npm test @13 > npm test',
      'run node run.js @15 > node run.js',
      'install pip install tool @18 > pip install tool',
      'test cargo test --all @20 > cargo test --all',
    ]);
  });

  it('are read from reStructuredText and from names without an ending', async () => {
    const { facts } = await factsOf({ 'README.rst': 'The tool\n========\n\nIt does one thing.\n' });
    expect(facts.map(shown)).toEqual(['title The tool @1', 'description It does one thing. @4']);
    folder.remove();
    expect((await factsOf({ README: 'It does one thing well.\n' })).facts.map(shown)).toEqual([
      'description It does one thing well. @1',
    ]);
  });

  it.each([
    ['before any heading', '**X** is a small thing that does one task.\n\n# Features\n\nMany of them.\n', 1],
    ['in bold letters', '# X\n\n**X does one thing well.**\n', 3],
    [
      'behind badges and a menu',
      '# X\n\n[![b](i)](l) [![c](i)](l)\n[Docs](d) | [News](n) | [Help](h)\n\nIt does one thing.\n',
      6,
    ],
    ['that begins with a link', '# X\n\n[X](x) is a tool that does one thing.\n', 3],
    ['inside a tag', '<h1>X</h1>\n<img\n  alt="a picture of it"\n>\n<p>It does one thing well.</p>\n', 5],
    ['below front matter', '---\nlayout: a page of docs\n---\n\n# X\n\nIt does one thing.\n', 7],
  ])('state what it is %s', async (_where, text, line) => {
    const { facts } = await factsOf({ 'README.md': text });
    expect(facts.filter(({ kind }) => kind === 'description').map((fact) => fact.line)).toEqual([line]);
    expect(facts.map(({ value }) => value)).not.toContain('Features');
  });

  it('are none when a README is empty or binary', async () => {
    expect((await factsOf({ 'README.md': '', 'sub/README.md': Uint8Array.of(0, 1) })).facts).toEqual([]);
  });
});

describe('headings of documents', () => {
  it('begin with what front matter states', async () => {
    const { headings } = await factsOf({
      'a.md': '---\ntitle: "A thing"\nsection: 1\ndescription: What it does\n---\n\n### Synopsis\n',
    });
    expect(headings.map(({ value, line }) => `${value} @${line}`)).toEqual([
      'A thing @2',
      'What it does @4',
      'Synopsis @7',
    ]);
  });

  it('are the first three of each, not those inside code, nearest to the top first', async () => {
    const { headings } = await factsOf({
      'b.md': '# One\n\n```\n# not\n```\n## Two ##\n\nThree\n-----\n\n# Four\n',
      'a/c.rst': 'Deep\n====\n',
    });
    expect(headings.map(({ path, value, line }) => `${path} ${value} @${line}`)).toEqual([
      'b.md One @1',
      'b.md Two @6',
      'b.md Three @8',
      'a/c.rst Deep @1',
    ]);
  });
});
