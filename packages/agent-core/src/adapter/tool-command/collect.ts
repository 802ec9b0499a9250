import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { durablyAsync } from '../../failpoint/index.ts';
import { readExecution } from './ledger.ts';

/** What a collection of executions may remove. */
export interface ExecutionCollection {
  /** Executions of which anything was written at this time (RFC 3339) or later stay. */
  readonly before: string;
  /** Most executions looked at. */
  readonly limit: number;
  /** Those of the ids that nothing names. */
  readonly unnamed: (ids: ReadonlySet<string>) => Promise<ReadonlySet<string>>;
  /** Whether nothing more comes of this run: it has ended, or there is none. */
  readonly isOver: (run: string) => Promise<boolean>;
}

/** A ledger, its output, and the pipe that a killed runner leaves. */
const FILE = /^([0-9a-f]{64})\.(?:jsonl|out|pipe)$/;

/**
 * Removes the ledgers and outputs of commands that nobody asks after any more: old ones that nothing names, that do not run, and
 * whose run is over. Answers how many. `store` is the folder that holds them, which may be missing.
 */
export async function collectExecutions(
  store: string,
  { before, limit, unnamed, isOver }: ExecutionCollection,
): Promise<number> {
  const old = await oldIn(store, { until: Date.parse(before), limit });
  const gone: string[] = [];
  for (const id of old.size === 0 ? [] : await unnamed(new Set(old.keys()))) {
    const execution = await readExecution(store, id);
    const run = 'intent' in execution ? execution.intent.run : null;
    if (execution.name !== 'running' && (run === null || (await isOver(run)))) gone.push(id);
  }
  for (const id of gone) {
    await durablyAsync('executions.collect', async () => {
      // The ledger goes last: what a kill leaves of an execution is found again by it.
      for (const name of [...(old.get(id) ?? [])].sort((one, other) => rank(one) - rank(other)))
        await rm(join(store, name), { force: true });
    });
  }
  return gone.length;
}

function rank(name: string): number {
  return name.endsWith('.jsonl') ? 1 : 0;
}

/** The files of each execution of which nothing is younger. */
async function oldIn(
  store: string,
  { until, limit }: { readonly until: number; readonly limit: number },
): Promise<Map<string, string[]>> {
  const files = new Map<string, string[]>();
  for (const name of await readdir(store).catch(() => [])) {
    const id = FILE.exec(name)?.[1];
    if (id !== undefined) files.set(id, [...(files.get(id) ?? []), name]);
  }
  const old = new Map<string, string[]>();
  for (const [id, names] of files) {
    if (old.size >= limit) break;
    const times = await Promise.all(
      names.map((name) =>
        stat(join(store, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      ),
    );
    if (Math.max(...times) < until) old.set(id, names);
  }
  return old;
}
