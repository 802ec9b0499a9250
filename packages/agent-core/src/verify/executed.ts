import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claim, ClaimFault, Verdict } from '@soma/schemas/event';
import { z } from 'zod';

/** Where commands' own runners write what came of them, and the run whose commands a claim may speak of. */
export interface Executions {
  /** Absolute path of the folder of the ledgers and outputs. */
  readonly store: string;
  readonly run: string;
}

/** Largest ledger and largest kept output, in bytes, that a claim may rest on. */
const SIZE_LIMIT = 64 * 1024 * 1024;

const Begun = z.object({
  type: z.literal('intent'),
  id: z.string(),
  run: z.string(),
  command: z.string(),
  commandHash: z.string(),
});

const Over = z.object({
  type: z.literal('ended'),
  end: z.string(),
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  output: z.object({
    hash: z.string(),
    size: z.number(),
    keptHash: z.string(),
    keptSize: z.number(),
    cutAfter: z.number().nullable(),
  }),
});

type Executed = Extract<Claim, { kind: 'executed' }>;

/**
 * Checks a claim about a command against what the command's own runner wrote down: command, end, exit code and signal as in its
 * ledger, the output's hash computed again from its file, and the cited line read there. Nothing is run.
 */
export async function verdictOfExecuted(claim: Executed, executions: Executions): Promise<Verdict> {
  const { execution, citation } = claim;
  if (!/^[0-9a-f]{64}$/.test(execution)) return refused('execution-missing', null);
  if (citation.path !== `output://${execution}`) return refused('execution-differs', `output://${execution}`);
  const ledger = await bytesAt(join(executions.store, `${execution}.jsonl`));
  const output = await bytesAt(join(executions.store, `${execution}.out`));
  const told = ledger === null ? null : toldBy(ledger);
  if (told === null || output === null) return refused('execution-missing', null);
  const { begun, over } = told;
  if (begun.id !== execution || begun.run !== executions.run) return refused('execution-missing', null);
  if (begun.command !== claim.command || begun.commandHash !== sha256(begun.command))
    return refused('execution-differs', begun.command);
  if (over.end !== claim.end || over.exitCode !== claim.exitCode || over.signal !== claim.signal)
    return refused('execution-differs', `${over.end} ${over.exitCode ?? over.signal ?? ''}`);
  const hash = sha256(output);
  if (hash !== claim.outputHash || !isWhole(over.output, { hash, size: output.length }))
    return refused('execution-differs', hash);
  return verdictOfLine(claim, { output, hash });
}

/** The cited line is that line of the kept output, exactly. Where nothing was written but white space, its first line stands for it. */
function verdictOfLine(
  { citation: { line, quote } }: Executed,
  { output, hash }: { output: Buffer; hash: string },
): Verdict {
  const lines = new TextDecoder('utf-8', { ignoreBOM: true })
    .decode(output)
    .split('\n')
    .map((one) => (one.endsWith('\r') ? one.slice(0, -1) : one));
  const said = lines.some((one) => one.trim() !== '');
  const found = lines[line - 1];
  if (found === undefined || (said ? quote.trim() === '' : line !== 1)) return refused('line-missing', null);
  return found === quote ? { checked: true, fileHash: hash } : refused('line-differs', found);
}

/** Whether the sums that the runner wrote agree with each other and with the file. */
function isWhole(
  told: z.infer<typeof Over>['output'],
  kept: { readonly hash: string; readonly size: number },
): boolean {
  if (told.keptHash !== kept.hash || told.keptSize !== kept.size) return false;
  return told.cutAfter === null
    ? told.hash === told.keptHash && told.size === told.keptSize
    : told.size > told.keptSize;
}

/** What a ledger says, when it says how the command began and how it ended, each once; null when it says less or something else. */
function toldBy(
  ledger: Buffer,
): { readonly begun: z.infer<typeof Begun>; readonly over: z.infer<typeof Over> } | null {
  try {
    const lines = ledger.toString('utf8').split('\n');
    if (lines.pop() !== '') return null;
    const [first, ...rest] = lines.map((line) => z.json().parse(JSON.parse(line)));
    const ends = rest.map((record) => Over.safeParse(record)).filter(({ success }) => success);
    const [end] = ends;
    const begun = Begun.parse(first);
    return ends.length === 1 && end?.success === true ? { begun, over: end.data } : null;
  } catch {
    return null;
  }
}

async function bytesAt(path: string): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      return stat.isFile() && stat.size <= SIZE_LIMIT ? await file.readFile() : null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function refused(why: ClaimFault, found: string | null): Verdict {
  return { checked: false, why, found: found?.slice(0, 1000) ?? null };
}
