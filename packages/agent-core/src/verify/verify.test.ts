import { symlinkSync } from 'node:fs';
import type { Claim } from '@soma/schemas/event';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFolderTools } from '../adapter/tool-folder/index.ts';
import { createSourceTools } from '../adapter/tool-source/index.ts';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../testing/sample-folder.ts';
import { verifyClaims } from './index.ts';

let folder: SampleFolder;
let outside: SampleFolder;
const signal = new AbortController().signal;
const tools = new Map(
  [...createFolderTools(), ...createSourceTools()].map((tool) => [tool.describe().name, tool]),
);

beforeAll(() => {
  const modules = Array.from({ length: 12 }, (_, index): [string, string] => [
    `src/m${index}.js`,
    `import { a } from './m${(index * 5 + 1) % 12}.js';\nimport x from './m${(index * 7 + 2) % 12}.js';\n\nexport const a${index} = ${index};\nexport function f${index}() { return 'needle ${index}'; }\n`,
  ]);
  folder = sampleFolder({
    ...Object.fromEntries(modules),
    '.gitignore': 'out/\n*.log\n',
    'README.md': '# Title\n\nSome prose with a needle.\r\nneedle needle\n\nlast line without end',
    'out/x.js': 'x\n',
    'a.log': 'x\n',
    'py/one.py': 'from py import two\nimport py.three\n',
    'py/two.py': 'import py.three\n',
    'py/three.py': 'pass\n',
    'latin.txt': Uint8Array.of(0xe9, 32, 0x41, 10),
  });
  outside = sampleFolder({ 'secret.txt': 'secret\n' });
  symlinkSync(outside.at('secret.txt'), folder.at('link-out'));
  symlinkSync('README.md', folder.at('link-in'));
});

afterAll(() => {
  folder.remove();
  outside.remove();
});

async function verdicts(claims: readonly Claim[], path = folder.path) {
  return (await verifyClaims(claims, { folder: path, signal })).map(({ verdict }) => verdict);
}

function quoted(path: string, line: number, quote: string): Claim {
  return { kind: 'quoted', id: 'q', text: 't', citation: { path, line, quote } };
}

type Recounted = Extract<Claim, { kind: 'recounted' }>;

function recounted(recount: Recounted['recount']): Recounted {
  return {
    kind: 'recounted',
    id: 'r',
    text: 't',
    citation: { path: 'README.md', line: 1, quote: '# Title' },
    recount,
  };
}

const Files = z.object({
  count: z.number(),
  files: z.array(z.object({ path: z.string(), lines: z.number().nullable() })),
});
const Lines = z.object({ lines: z.array(z.object({ line: z.number(), quote: z.string() })) });
const Importers = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      importers: z.number(),
      at: z.array(z.object({ path: z.string(), line: z.number() })),
    }),
  ),
});

async function call<Shape>(name: string, input: object, shape: z.ZodType<Shape>): Promise<Shape> {
  const tool = tools.get(name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return shape.parse(await outputOf(tool, { ...input }, aToolContext(folder.path)));
}

/** Every true claim that can be made of the folder, by what the tools read. */
async function trueClaims() {
  const { files, count } = await call('list_files', {}, Files);
  const read = files.filter(({ lines }) => lines !== null);
  const quotes: Claim[] = [];
  const lines: Recounted[] = [];
  const matches: Recounted[] = [];
  for (const { path, lines: value } of read) {
    const text = (await call('read_file', { path }, Lines)).lines;
    quotes.push(
      ...text.filter(({ quote }) => quote.trim() !== '').map(({ line, quote }) => quoted(path, line, quote)),
    );
    lines.push(recounted({ of: 'lines', subject: path, value: value ?? 0 }));
    const found = text.filter(({ quote }) => quote.includes('needle')).length;
    matches.push(recounted({ of: 'matches', subject: path, needle: 'needle', value: found }));
  }
  const { files: mapped } = await call('map_imports', {}, Importers);
  const importers = mapped.map(({ path, importers: value, at }) =>
    recounted({ of: 'importers', subject: path, value, at }),
  );
  return { quotes, files: [recounted({ of: 'files', value: count })], lines, matches, importers };
}

describe('true claims', () => {
  it('are all accepted, with the hash of what was read', async () => {
    const claims = Object.values(await trueClaims()).flat();
    expect(claims.length).toBeGreaterThan(100);
    const seen = await verdicts(claims);
    expect(seen.filter(({ checked }) => !checked)).toEqual([]);
    for (const verdict of seen) expect(verdict.checked && verdict.fileHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('may cite a line through a link that stays inside, and one with bytes that are no UTF-8', async () => {
    expect(
      await verdicts([quoted('link-in', 1, '# Title'), quoted('latin.txt', 1, '\ufffd A')]),
    ).toMatchObject([{ checked: true }, { checked: true }]);
  });
});

const RUNS = { numRuns: 120, seed: 7 };

/** Runs at least a hundred seeded corruptions of the claims and counts the accepted ones. */
async function accepted<Kind extends Claim>(
  claims: readonly Kind[],
  corrupt: fc.Arbitrary<(claim: Kind) => Kind>,
) {
  let made = 0;
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...claims), corrupt, async (claim, change) => {
      const changed = change(claim);
      fc.pre(JSON.stringify(changed) !== JSON.stringify(claim));
      made += 1;
      const [verdict] = await verdicts([changed]);
      if (verdict?.checked !== false) passed += 1;
      expect(verdict?.checked, JSON.stringify(changed)).toBe(false);
    }),
    RUNS,
  );
  expect(made).toBeGreaterThanOrEqual(100);
  return passed;
}

/** Another number that is near or far. */
const shift = fc.oneof(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: -3, max: -1 }),
  fc.integer({ min: 10, max: 10_000 }),
);

function withValue(change: number) {
  return (claim: Recounted): Recounted => ({
    ...claim,
    recount: { ...claim.recount, value: Math.max(0, claim.recount.value + change) },
  });
}

describe('corrupted claims', () => {
  it('with another quote, line or file are refused', async () => {
    const { quotes } = await trueClaims();
    const other = (path: string, line: number) =>
      quotes.find(({ citation }) => citation.path === path && citation.line === line)?.citation.quote;
    const corrupt = fc.oneof(
      fc.nat(200).map((at) => (claim: Claim): Claim => {
        const { quote } = claim.citation;
        const place = at % quote.length;
        const sign = quote[place] === 'x' ? 'y' : 'x';
        return {
          ...claim,
          citation: { ...claim.citation, quote: quote.slice(0, place) + sign + quote.slice(place + 1) },
        };
      }),
      fc.constantFrom(' ', '\n', '\r', '\u200b', 'x').map(
        (end) =>
          (claim: Claim): Claim => ({
            ...claim,
            citation: { ...claim.citation, quote: claim.citation.quote + end },
          }),
      ),
      fc.constant(
        (claim: Claim): Claim => ({
          ...claim,
          citation: { ...claim.citation, quote: claim.citation.quote.slice(0, -1) },
        }),
      ),
      fc.constant((claim: Claim): Claim => ({ ...claim, citation: { ...claim.citation, quote: '' } })),
      fc.integer({ min: 1, max: 50 }).map((by) => (claim: Claim): Claim => {
        const { path, line, quote } = claim.citation;
        return other(path, line + by) === quote
          ? { ...claim, citation: { path, line, quote: `${quote}.` } }
          : { ...claim, citation: { path, line: line + by, quote } };
      }),
      fc
        .constantFrom(
          'missing.txt',
          '../README.md',
          'link-out',
          '/etc/passwd',
          'src',
          'README.md\0',
          '.gitignore',
        )
        .map(
          (path) =>
            (claim: Claim): Claim =>
              claim.citation.path === path
                ? quoted('missing', 1, 'x')
                : { ...claim, citation: { ...claim.citation, path } },
        ),
    );
    expect(await accepted(quotes, corrupt)).toBe(0);
  });

  it('about the number of files are refused', async () => {
    const { files } = await trueClaims();
    expect(await accepted(files, shift.map(withValue))).toBe(0);
  });

  it.each(['lines', 'matches'] as const)('about %s are refused', async (kind) => {
    const claims = (await trueClaims())[kind];
    const subject = fc.constantFrom('missing.js', '../x', 'link-out', 'src').map(
      (name) =>
        (claim: Recounted): Recounted =>
          claim.recount.of === 'files' ? claim : { ...claim, recount: { ...claim.recount, subject: name } },
    );
    expect(
      await accepted(
        claims,
        fc.oneof({ weight: 3, arbitrary: shift.map(withValue) }, { weight: 1, arbitrary: subject }),
      ),
    ).toBe(0);
  });

  it('about importers are refused', async () => {
    const importers = (await trueClaims()).importers.filter(({ recount }) => recount.value > 0);
    const subjects = fc.constantFrom('README.md', 'missing.js', '../x.js', 'link-out', '.gitignore');
    const change =
      (alter: (recount: Extract<Recounted['recount'], { of: 'importers' }>) => Recounted['recount']) =>
      (claim: Recounted): Recounted =>
        claim.recount.of === 'importers' ? { ...claim, recount: alter(claim.recount) } : claim;
    const corrupt = fc.oneof(
      shift.map(withValue),
      subjects.map((subject) => change((recount) => ({ ...recount, subject }))),
      fc.integer({ min: 3, max: 9 }).map((by) =>
        change((recount) => ({
          ...recount,
          at: recount.at.map(({ path, line }) => ({ path, line: line + by })),
        })),
      ),
      fc.constant(change((recount) => ({ ...recount, at: recount.at.slice(1) }))),
      fc.constant(
        change((recount) => ({ ...recount, at: [...recount.at.slice(1), ...recount.at.slice(1, 2)] })),
      ),
      fc.constant(
        change((recount) => ({ ...recount, at: recount.at.map(() => ({ path: 'README.md', line: 3 })) })),
      ),
    );
    expect(await accepted(importers, corrupt)).toBe(0);
  });
});

describe('what Verify cannot check', () => {
  it('does not pass: a command where no ledgers are, and files outside, through links, or gone', async () => {
    const { citation } = quoted('README.md', 1, '# Title');
    const execution = 'a'.repeat(64);
    const told = {
      command: 'true',
      end: 'itself',
      exitCode: 0,
      signal: null,
      outputHash: execution,
    } as const;
    const executed: Claim = { kind: 'executed', id: 'e', text: 't', citation, execution, ...told };
    const [ran, out, above, gone, empty] = await verdicts([
      executed,
      quoted('link-out', 1, 'secret'),
      quoted(`../${outside.path.split('/').at(-1)}/secret.txt`, 1, 'secret'),
      quoted('gone.txt', 1, 'x'),
      quoted('README.md', 2, ''),
    ]);
    expect(ran).toEqual({ checked: false, why: 'unsupported', found: null });
    for (const verdict of [out, above, gone])
      expect(verdict).toEqual({ checked: false, why: 'FILE_GONE', found: null });
    expect(empty).toMatchObject({ checked: false });
  });

  it('says what it found instead', async () => {
    expect(
      await verdicts([
        quoted('README.md', 1, '# Other'),
        quoted('README.md', 99, 'x'),
        recounted({ of: 'lines', subject: 'README.md', value: 5 }),
      ]),
    ).toEqual([
      { checked: false, why: 'line-differs', found: '# Title' },
      { checked: false, why: 'line-missing', found: null },
      { checked: false, why: 'count-differs', found: '6' },
    ]);
  });

  it('sees a file as it is now', async () => {
    folder.write({ 'changing.txt': 'before\n' });
    expect(await verdicts([quoted('changing.txt', 1, 'before')])).toMatchObject([{ checked: true }]);
    folder.write({ 'changing.txt': 'after\n' });
    expect(await verdicts([quoted('changing.txt', 1, 'before')])).toMatchObject([
      { checked: false, found: 'after' },
    ]);
  });

  it('says that the folder is gone, also when it goes meanwhile, and stops when it is cancelled', async () => {
    await expect(verifyClaims([], { folder: folder.at('gone'), signal })).rejects.toMatchObject({
      fault: { code: 'FOLDER_GONE' },
    });
    const passing = sampleFolder({ 'a.txt': 'a\n' });
    const checking = verifyClaims([quoted('a.txt', 1, 'a')], { folder: passing.path, signal });
    passing.remove();
    await expect(checking).rejects.toMatchObject({ fault: { code: 'FOLDER_GONE' } });
    await expect(
      verifyClaims([quoted('README.md', 1, '# Title')], { folder: folder.path, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
