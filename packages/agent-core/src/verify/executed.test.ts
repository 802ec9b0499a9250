import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Claim, Verdict } from '@soma/schemas/event';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandEnvironment, createCommandTools } from '../adapter/tool-command/index.ts';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../testing/sample-folder.ts';
import { verifyClaims } from './index.ts';

type Executed = Extract<Claim, { kind: 'executed' }>;

const Ran = z.object({
  source: z.string(),
  execution: z.string(),
  command: z.string(),
  end: z.enum(['itself', 'timeout', 'output', 'processes']),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  outputHash: z.string(),
  text: z.string(),
  summary: z.object({ line: z.number(), quote: z.string() }),
});

let folder: SampleFolder;
let data: SampleFolder;
let claims: readonly Executed[];

const COMMANDS = [
  'printf "one\\ntwo\\n\\nfour\\n"; exit 3',
  'echo fine',
  'true',
  'printf " \\n\\n"',
  'echo dying; kill -9 $$',
  'seq 1 50000',
  "printf 'a\\377b\\n'",
  'sleep 20 # too long',
];

/** A true claim about a command that is really run. */
async function claimOf(command: string, key: string, run = 'run-1'): Promise<Executed> {
  const environment = commandEnvironment(process.env);
  const limits = { keptBytes: 4096, outputBytes: 10_000_000, processes: 50 };
  const [tool] = createCommandTools({ store: data.path, environment, limits });
  if (tool === undefined) throw new Error('a tool is expected');
  const ran = Ran.parse(
    await outputOf(tool, { command, timeoutSeconds: 1 }, aToolContext(folder.path, { key, run })),
  );
  const { source, summary, text: _text, ...execution } = ran;
  const citation = { path: source, ...summary };
  return { kind: 'executed', id: key, text: 'It ended.', citation, ...execution };
}

async function verdictOf(claim: Claim, run = 'run-1'): Promise<Verdict | undefined> {
  const where = { folder: folder.path, signal: new AbortController().signal };
  const [checked] = await verifyClaims([claim], { ...where, executions: { store: data.path, run } });
  return checked?.verdict;
}

beforeAll(async () => {
  folder = sampleFolder({ 'a.txt': 'one\n' });
  data = sampleFolder();
  const made: Executed[] = [];
  for (const [index, command] of COMMANDS.entries()) made.push(await claimOf(command, `key-${index}`));
  claims = made;
});
afterAll(() => {
  folder.remove();
  data.remove();
});

const at = (claim: Executed, suffix: string) => `${data.path}/${claim.execution}.${suffix}`;

/** What the verdict is while a file of the claim's execution reads otherwise. */
async function whileChanged(
  claim: Executed,
  suffix: 'jsonl' | 'out',
  change: (content: Buffer) => Buffer | null,
): Promise<Verdict | undefined> {
  const path = at(claim, suffix);
  const before = readFileSync(path);
  const after = change(before);
  if (after === null) rmSync(path);
  else writeFileSync(path, after);
  try {
    return await verdictOf(claim);
  } finally {
    writeFileSync(path, before);
  }
}

/** Claims in which one thing is otherwise than in a true one. */
function corruptions(other: Executed): fc.Arbitrary<Executed> {
  const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
  return fc.constantFrom(...claims).chain((claim) => {
    const from = claims.filter(({ execution }) => execution !== claim.execution);
    const change = (part: Partial<Executed>): Executed => ({ ...claim, ...part });
    const cite = (part: Partial<Executed['citation']>) =>
      change({ citation: { ...claim.citation, ...part } });
    return fc.oneof(
      fc.string({ minLength: 1 }).map((command) => change({ command })),
      fc.constantFrom(' ', '\n', ';true').map((more) => change({ command: claim.command + more })),
      fc.constantFrom(null, 0, 1, 2, 3, 127, -1).map((exitCode) => change({ exitCode })),
      fc.constantFrom(null, 'SIGKILL', 'SIGTERM').map((signal) => change({ signal })),
      fc
        .constantFrom<Executed['end'][]>('itself', 'timeout', 'output', 'processes', 'stopped')
        .map((end) => change({ end })),
      hex.map((outputHash) => change({ outputHash })),
      fc.constantFrom(...from).map(({ outputHash }) => change({ outputHash })),
      hex.map((execution) =>
        change({ execution, citation: { ...claim.citation, path: `output://${execution}` } }),
      ),
      fc
        .constantFrom(...from)
        .map(({ execution }) =>
          change({ execution, citation: { ...claim.citation, path: `output://${execution}` } }),
        ),
      fc.constantFrom(...from, other).map(({ execution }) => change({ execution })),
      fc.constant(change({ ...other, id: claim.id })),
      fc
        .constantFrom('a.txt', '', 'output://', `output://../${claim.execution}`, `${claim.execution}.out`)
        .map((path) => cite({ path })),
      fc.integer({ min: 1, max: 3000 }).map((line) => cite({ line })),
      fc.string().map((quote) => cite({ quote })),
      fc.constantFrom(' ', '\r', 'x').map((more) => cite({ quote: claim.citation.quote + more })),
    );
  });
}

describe('a claim about a command', () => {
  it('holds when its ledger says the same, the output has that hash, and the cited line is there', async () => {
    for (const claim of claims) {
      const verdict = await verdictOf(claim);
      expect(verdict, claim.command).toMatchObject({ checked: true, fileHash: claim.outputHash });
      expect(claim.outputHash).toBe(
        createHash('sha256')
          .update(readFileSync(at(claim, 'out')))
          .digest('hex'),
      );
    }
    expect(claims.map(({ end }) => end)).toContain('timeout');
    expect(claims.map(({ exitCode }) => exitCode)).toEqual([3, 0, 0, 0, null, 0, 0, null]);
  });

  it('is never accepted when anything of it is changed: 400 corrupted claims, none passes', async () => {
    const other = await claimOf('echo fine', 'key-other-run', 'run-2');
    const corrupted = corruptions(other);
    const same = (claim: Executed) => claims.some((one) => JSON.stringify(one) === JSON.stringify(claim));
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        corrupted.filter((claim) => !same(claim)),
        async (claim) => {
          // The same text may stand on more than one line of the output; that is no corruption.
          const { path, line, quote } = claim.citation;
          const truth = claims.find((one) => one.execution === claim.execution);
          const lines =
            truth === undefined || path !== truth.citation.path
              ? []
              : readFileSync(at(truth, 'out'), 'utf8').split('\n');
          if (
            truth !== undefined &&
            JSON.stringify({ ...claim, citation: 0 }) === JSON.stringify({ ...truth, citation: 0 }) &&
            lines[line - 1] === quote &&
            quote.trim() !== ''
          )
            return;
          if ((await verdictOf(claim))?.checked === true) accepted += 1;
        },
      ),
      { numRuns: 400 },
    );
    expect(accepted).toBe(0);
  });

  it('does not hold when its ledger or its output was changed since, is cut short or is gone', async () => {
    const [claim] = claims;
    if (claim === undefined) throw new Error('a claim is expected');
    const replace = (from: string, to: string) => (content: Buffer) =>
      Buffer.from(content.toString('utf8').replace(from, to));
    const changes: ['jsonl' | 'out', (content: Buffer) => Buffer | null][] = [
      ['out', replace('two', 'owt')],
      ['out', (content) => Buffer.concat([content, Buffer.from('more\n')])],
      ['out', () => Buffer.alloc(0)],
      ['out', () => null],
      ['jsonl', replace('"exitCode":3', '"exitCode":0')],
      ['jsonl', replace('"run":"run-1"', '"run":"run-9"')],
      ['jsonl', replace('exit 3"', 'exit 4"')],
      ['jsonl', (content) => content.subarray(0, content.length - 1)],
      ['jsonl', (content) => content.subarray(0, content.indexOf('"ended"') - 10)],
      [
        'jsonl',
        (content) =>
          Buffer.concat([content, content.subarray(content.lastIndexOf('\n', content.length - 2) + 1)]),
      ],
      ['jsonl', () => Buffer.alloc(0)],
      ['jsonl', () => null],
    ];
    for (const [suffix, change] of changes)
      expect(await whileChanged(claim, suffix, change)).toMatchObject({ checked: false });
    expect(await verdictOf(claim)).toMatchObject({ checked: true });
    const flipped = fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, by) => {
      const verdict = await whileChanged(claim, 'out', (content) => {
        const bytes = Buffer.from(content);
        bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ by;
        return bytes;
      });
      expect(verdict).toMatchObject({ checked: false });
    });
    await fc.assert(flipped, { numRuns: 50 });
  });

  it('says what the ledger says instead', async () => {
    const [claim] = claims;
    if (claim === undefined) throw new Error('a claim is expected');
    expect(await verdictOf({ ...claim, exitCode: 0 })).toEqual({
      checked: false,
      why: 'execution-differs',
      found: 'itself 3',
    });
    expect(await verdictOf(claim, 'run-2')).toEqual({
      checked: false,
      why: 'execution-missing',
      found: null,
    });
    expect(await verdictOf({ ...claim, citation: { ...claim.citation, quote: 'x' } })).toMatchObject({
      why: 'line-differs',
      found: 'four',
    });
  });
});
