import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createListFiles } from '../adapter/tool-folder/list-files.ts';
import { aToolContext, outputOf, sampleFolder } from '../testing/sample-folder.ts';
import { filesBelow } from './ignored.ts';

const Listing = z.object({ count: z.number(), files: z.array(z.object({ path: z.string() })) });
const signal = new AbortController().signal;

/** What the tools list, what Verify counts, and what git itself would take, of a folder with these files. */
async function threeCounts(files: Readonly<Record<string, string>>) {
  const folder = sampleFolder(files);
  try {
    const listed = Listing.parse(await outputOf(createListFiles(), {}, aToolContext(folder.path)));
    const counted = await filesBelow(folder.path, 1000, signal);
    execFileSync('git', ['init', '-q', '.'], { cwd: folder.path });
    const git = execFileSync(
      'git',
      ['-c', 'core.excludesFile=', 'ls-files', '-co', '--exclude-standard', '-z'],
      { cwd: folder.path },
    );
    const judged = git
      .toString()
      .split('\0')
      .filter((path) => path !== '');
    return {
      listed: listed.files.map(({ path }) => path).sort(),
      counted: [...counted].sort(),
      judged: judged.sort(),
    };
  } finally {
    folder.remove();
  }
}

const NAMES = [
  'a',
  'b',
  'A',
  'ab',
  'a.b',
  'a.log',
  'b.log',
  'é',
  'a b',
  '[a]',
  'x-y',
  '#c',
  '!d',
  'a\\b',
  '-',
  'a+b',
  'a(b)',
  '$a',
  '^b',
  'a]',
  '{a,b}',
];
const name = fc.constantFrom(...NAMES);
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const piece = fc.oneof(
  { weight: 3, arbitrary: name },
  fc.constantFrom(
    '*',
    '**',
    '?',
    '*.log',
    'a*',
    '*b',
    '[ab]',
    '[!a]',
    '[^a]',
    '[a-b]',
    '[a-',
    '[]a]',
    '[!]a]',
    'a**',
    '**a',
    '\\a',
    '\\*',
    '\\#c',
    '\\!d',
    '[[:alpha:]]',
    '[\\]]',
    '*.*',
    'a?b',
    '.',
    '..',
    ' ',
    'a\\ ',
    '[A-Z]',
    '[z-a]',
    '***',
    '[a',
    'a\\',
    '\\[a]',
    '\\[a\\]',
    '[a-b-z]',
    '[[:digit:]x]',
    '[-a]',
    '[a/]',
    '?',
  ),
);
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', '', '!', '/', '!/', '**/', '\\!', '\\#', ' '),
        fc.array(piece, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '', '/', '/**', '/*', ' ', '  ', '\\ ', '\t', '//'),
      )
      .map(([start, parts, end]) => start + parts.join('/') + end),
  },
  fc.constantFrom(
    '',
    '# comment',
    '!',
    '/',
    '//',
    '**',
    '*',
    '!*',
    '!*/',
    '/*',
    '!/a',
    '\\',
    '/**',
    '**/',
    ' ',
    '\r',
    '***/a',
  ),
);
const rules = fc
  .array(line, { maxLength: 6 })
  .chain((lines) => fc.constantFrom('\n', '\n', '\r\n').map((end) => lines.join(end) + end));
const sample = fc.record({
  paths: fc.uniqueArray(path, { minLength: 1, maxLength: 14 }),
  top: rules,
  below: fc.array(fc.tuple(path, rules), { maxLength: 2 }),
});

/** Files that can lie in one folder together: none is another's folder. */
function filesOf({
  paths,
  top,
  below,
}: {
  paths: string[];
  top: string;
  below: [string, string][];
}): Record<string, string> {
  const files: Record<string, string> = { '.gitignore': top };
  const taken = () => Object.keys(files);
  const fits = (one: string) =>
    !taken().some((other) => other === one || other.startsWith(`${one}/`) || one.startsWith(`${other}/`));
  for (const one of paths) if (fits(one)) files[one] = 'x\n';
  for (const [at, text] of below) if (fits(`${at}/.gitignore`)) files[`${at}/.gitignore`] = text;
  return files;
}

describe('counting the files that are not ignored', () => {
  it('agrees with the tools and with git over random folders and random patterns', async () => {
    await fc.assert(
      fc.asyncProperty(sample, async (given) => {
        const { listed, counted, judged } = await threeCounts(filesOf(given));
        expect(listed).toEqual(judged);
        expect(counted).toEqual(judged);
      }),
      { numRuns: Number(process.env.RUNS ?? 150), seed: Number(process.env.SEED ?? 20260) },
    );
  }, 120_000);
});
