import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandEnd } from '@soma/schemas/event';
import { z } from 'zod';
import { startOf } from './family.ts';

const Limits = z.object({
  timeoutMs: z.number(),
  keptBytes: z.number(),
  outputBytes: z.number(),
  processes: z.number(),
});

const Intent = z.object({
  type: z.literal('intent'),
  id: z.string(),
  run: z.string(),
  command: z.string(),
  folder: z.string(),
  limits: Limits,
  runner: z.number().int(),
  runnerStarted: z.string().nullable(),
});
export type Intent = z.infer<typeof Intent>;

const Ended = z.object({
  type: z.literal('ended'),
  end: CommandEnd,
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  cause: z.string().nullable(),
  tookMs: z.number(),
  output: z.object({
    hash: z.string(),
    size: z.number(),
    keptHash: z.string(),
    keptSize: z.number(),
    cutAfter: z.number().int().nullable(),
  }),
  leftovers: z.number().int(),
});
export type Ended = z.infer<typeof Ended>;

const Written = z.discriminatedUnion('type', [
  Intent,
  z.object({ type: z.literal('started'), pid: z.number().int() }),
  Ended,
]);

/** What the ledger of one call says. `lost`: it was begun, nothing says how it ended, and nothing of it lives any more. */
export type Execution =
  | { readonly name: 'none' }
  | { readonly name: 'running'; readonly intent: Intent }
  | { readonly name: 'ended'; readonly intent: Intent; readonly ended: Ended }
  | { readonly name: 'lost' };

/** The id under which a call's ledger and output lie in the store. */
export function executionId(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export async function readExecution(store: string, id: string): Promise<Execution> {
  const records = await recordsOf(join(store, `${id}.jsonl`));
  if (records === null) return { name: 'none' };
  const intent = records.find((record) => record.type === 'intent');
  if (intent === undefined) return { name: 'lost' };
  const ended = records.find((record) => record.type === 'ended');
  if (ended !== undefined) return { name: 'ended', intent, ended };
  if (isAlive(intent)) return { name: 'running', intent };
  // It may have written its end and gone between the two looks.
  const again = await recordsOf(join(store, `${id}.jsonl`));
  const late = again?.find((record) => record.type === 'ended');
  return late === undefined ? { name: 'lost' } : { name: 'ended', intent, ended: late };
}

/** Null when there is no ledger. What a kill cut off in the middle of a line was not written. */
async function recordsOf(path: string): Promise<z.infer<typeof Written>[] | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const records: z.infer<typeof Written>[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const record = Written.safeParse(jsonOf(line));
    if (!record.success) break;
    records.push(record.data);
  }
  return records;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Where the system does not say when a process started, another one with the same number counts as this one. */
export function isAlive({ runner, runnerStarted }: Intent): boolean {
  if (runnerStarted !== null) return startOf(runner) === runnerStarted;
  try {
    process.kill(runner, 0);
    return true;
  } catch {
    return false;
  }
}
