import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { figureOf, rounded } from './part/figure.ts';
import { writeTable } from './part/table-rows.ts';

// A table of a million rows: how long the table tool takes for all its figures, and the whole plan with every claim counted again, beside
// its own parser reading the same file for nothing but rows. Each reading in a process of its own. `npm run bench -- table [ROWS]`.

const ROUNDS = 3;
const SEED = 42;
const LIMITS = { readMs: 5000, peakMb: 300 };

const Read = z.object({
  readMs: z.number(),
  readCpuMs: z.number(),
  peakMb: z.number(),
  readPeakMb: z.number().optional(),
  planMs: z.number().optional(),
  claims: z.number().optional(),
  proven: z.number().optional(),
});
type Read = z.infer<typeof Read>;

const rows = Number(process.argv[2] ?? 1_000_000);
const work = await mkdtemp(join(tmpdir(), 'soma-bench-'));
try {
  await writeTable(join(work, 'table.csv'), rows, SEED);
  const ours: Read[] = [];
  const peer: Read[] = [];
  // In turns, so that whatever else the machine does meets both.
  for (let round = 0; round < ROUNDS; round += 1) {
    peer.push(await read('papaparse'));
    ours.push(await read('soma'));
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`);
  }
  const figure = (reads: readonly Read[], of: (one: Read) => number | undefined) =>
    figureOf(reads.map((one) => of(one) ?? Number.NaN));
  const [mine, theirs] = [figure(ours, ({ readMs }) => readMs), figure(peer, ({ readMs }) => readMs)];
  const answer = {
    bench: 'table',
    machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.versions.node },
    limits: LIMITS,
    table: { rows, columns: 8, bytes: (await stat(join(work, 'table.csv'))).size, seed: SEED },
    soma: {
      readMs: mine,
      readCpuMs: figure(ours, ({ readCpuMs }) => readCpuMs),
      readPeakMb: figure(ours, ({ readPeakMb }) => readPeakMb),
      planMs: figure(ours, ({ planMs }) => planMs),
      planPeakMb: figure(ours, ({ peakMb }) => peakMb),
      claims: ours[0]?.claims,
      proven: ours[0]?.proven,
    },
    papaparseAlone: {
      readMs: theirs,
      readCpuMs: figure(peer, ({ readCpuMs }) => readCpuMs),
      peakMb: figure(peer, ({ peakMb }) => peakMb),
    },
    timeRatio: rounded(mine.median / theirs.median),
  };
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

async function read(mode: 'soma' | 'papaparse'): Promise<Read> {
  const child = fileURLToPath(new URL('./part/table-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child, mode, work, 'table.csv']);
  return Read.parse(JSON.parse(stdout));
}
