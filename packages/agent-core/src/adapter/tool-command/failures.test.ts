import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import samples from '../../testing/failure-samples.json' with { type: 'json' };
import { type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { failuresIn, summaryOf } from './failures.ts';

let folder: SampleFolder;
beforeEach(() => {
  folder = sampleFolder();
});
afterEach(() => folder.remove());

/** A failure as `title @ path:line`. */
type Shown = readonly string[];

/** By tool; each output was recorded from the version that stands beside it, over these files. */
const EXPECTED: Readonly<Record<string, { readonly failures: Shown; readonly summary: string }>> = {
  'node:test spec': {
    failures: ['subtracts @ sum.test.mjs:9', 'throws @ sum.test.mjs:13'],
    summary: 'ℹ fail 2',
  },
  'node:test TAP': {
    failures: ['subtracts @ sum.test.mjs:9', 'throws @ sum.test.mjs:13'],
    summary: '# fail 2',
  },
  'node:test JUnit XML': {
    failures: ['subtracts @ sum.test.mjs:9', 'throws @ sum.test.mjs:13'],
    summary: '</testsuites>',
  },
  mocha: { failures: ['subtracts @ test.js:8', 'divides @ test.js:11'], summary: '  2 failing' },
  jest: {
    failures: ['math › subtracts @ sum.test.js:8', 'math › divides @ sum.test.js:11'],
    summary: 'Tests:       2 failed, 1 passed, 3 total',
  },
  ESLint: {
    failures: [
      "'a' is assigned a value but never used  no-unused-vars @ a.js:1",
      "'missing' is not defined                no-undef @ a.js:3",
    ],
    summary: '✖ 2 problems (2 errors, 0 warnings)',
  },
  vitest: { failures: ['sums > subtracts @ sum.test.ts:5'], summary: '      Tests  1 failed | 1 passed (2)' },
  unittest: {
    failures: ['test_adds (test_sum.TestSum.test_adds) @ test_sum.py:10'],
    summary: 'FAILED (failures=1)',
  },
  pytest: {
    failures: ['TestSum.test_adds @ test_sum.py:10', 'test_plain @ test_sum.py:17'],
    summary: '========================= 2 failed, 1 passed in 0.08s ==========================',
  },
  'pytest -q --tb=no': {
    failures: ['TestSum::test_adds @ unknown', 'test_plain @ unknown'],
    summary: '2 failed, 1 passed in 0.01s',
  },
  'go test': {
    failures: ['TestAdd @ sum_test.go:7', 'TestTable/one @ sum_test.go:19'],
    summary: 'FAIL\texample.com/sum\t0.002s',
  },
  'go build': { failures: ['undefined: b @ sum.go:3'], summary: './sum.go:3:30: undefined: b' },
  'cargo test': {
    failures: ['tests::adds @ src/lib.rs:11'],
    summary:
      'test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.20s',
  },
  'cargo build': {
    failures: ['cannot find value `b` in this scope @ src/lib.rs:3', 'mismatched types @ src/lib.rs:2'],
    summary: 'error: could not compile `sum` (lib) due to 2 previous errors',
  },
  'make, gcc': {
    failures: ['‘missing’ undeclared (first use in this function) @ main.c:2'],
    summary: 'make: *** [Makefile:3: main.o] Error 1',
  },
  tsc: {
    failures: [
      "TS2322: Type 'string' is not assignable to type 'number'. @ a.ts:1",
      "TS2304: Cannot find name 'missing'. @ a.ts:2",
    ],
    summary: "a.ts(2,18): error TS2304: Cannot find name 'missing'.",
  },
  'tsc --pretty': {
    failures: [
      "TS2322: Type 'string' is not assignable to type 'number'. @ a.ts:1",
      "TS2304: Cannot find name 'missing'. @ a.ts:2",
    ],
    summary: 'Found 2 errors in the same file, starting at: a.ts\u001b[90m:1\u001b[0m',
  },
};

async function shown(lines: readonly string[]): Promise<Shown> {
  const failures = await failuresIn(lines, folder.path, 100);
  for (const { line, quote } of failures) expect(lines[line - 1]).toBe(quote);
  return failures.map(({ title, at }) => `${title} @ ${at === null ? 'unknown' : `${at.path}:${at.line}`}`);
}

describe('failures in real outputs', () => {
  it.each(samples)('of $version are each named once, with file and line', async ({ tool, files, output }) => {
    folder.write(Object.fromEntries(files.map(({ path, text }) => [path, text])));
    const lines = output.map((line) => line.replaceAll('{folder}', folder.path));
    expect({ failures: await shown(lines), summary: summaryOf(lines).quote }).toEqual(EXPECTED[tool]);
  });

  it('are named by the file that an uncaught error came from, relative to the folder', async () => {
    folder.write({ 'test/a.mjs': '\n\nthrow new Error("no");\n' });
    const lines = [`file://${folder.at('test/a.mjs')}:3`, 'throw new Error("no");', '^', '', 'Error: no'];
    expect(await shown(lines)).toEqual(['a.mjs @ test/a.mjs:3']);
    expect(await shown([`${folder.at('test/a.mjs')}:3`])).toEqual(['a.mjs @ test/a.mjs:3']);
  });

  it('are none where the output names none', async () => {
    expect(await shown(['compiling', 'Error', '', 'at the end: 12:30', 'see notes/a.md:3'])).toEqual([]);
    expect(await shown([])).toEqual([]);
  });

  it('lie in no file outside the folder, through a link, or in an installed package', async () => {
    folder.write({ 'node_modules/x/a.js': 'x\n', 'own.js': 'one\ntwo\n' });
    symlinkSync('/etc', folder.at('link'));
    const places = [
      '/etc/passwd:1:1',
      '../a.js:1:1',
      'link/passwd:1:1',
      'node_modules/x/a.js:1:1',
      'own.js:9:1',
    ];
    for (const place of places) {
      expect(await shown(['  ● fails', `    at f (${place})`])).toEqual(['fails @ unknown']);
    }
    expect(
      await shown(['  ● fails', ...places.map((place) => `    at f (${place})`), '    at own.js:2:1']),
    ).toEqual(['fails @ own.js:2']);
  });

  it('take no long time over lines made to take long', async () => {
    const evil = ['a', ' ', 'at ', '(', ':', '/', 'FAIL > ', '<testcase ', 'x:1:', '❯ '].flatMap((part) => [
      part.repeat(2000).slice(0, 1999),
      `${part.repeat(1000).slice(0, 1900)}\u0000`,
    ]);
    const began = performance.now();
    await failuresIn(Array.from({ length: 20 }, () => evil).flat(), folder.path, 100);
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
