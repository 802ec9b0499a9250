import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { startServe } from '../../seat.ts';
import { type Figure, figureOf } from '../part/figure.ts';
import { callHost } from '../part/keypress.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

const Steps = z.object({
  steps: z.number(),
  calls: z.number(),
  commits: z.number(),
  events: z.number(),
  tasks: z.number(),
  executeSeconds: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  bytes: z.number(),
});
const Onto = z.object({ small: z.array(z.number()), large: z.array(z.number()) });
const Ledger = z.object({ single: z.number(), together: z.number() });
const TakenUp = z.object({
  events: z.number(),
  openMs: z.number(),
  interruptedMs: z.number(),
  nextStepMs: z.number(),
});
const Slope = z.object({ kbARun: z.number(), standardError: z.number() });
const Memory = z.object({
  samples: z.array(z.object({ runs: z.number(), rssKb: z.number(), heapKb: z.number() })),
  rss: Slope,
  heap: Slope,
});
export type OurSteps = z.infer<typeof Steps>;

export interface OurWork {
  readonly plan: 'row-of-eight' | 'acts' | 'growing';
  readonly inFlight: number;
  readonly runs: number;
  readonly warm: number;
}

/** The product's engine, each measurement in a process of its own on a data folder of its own below `under`. */
export function ours(under: string) {
  return {
    steps: async (asked: OurWork) => Steps.parse(await apart(under, 'steps', asked)),
    onto: async (asked: { runs: number; warm: number }) => Onto.parse(await apart(under, 'onto', asked)),
    ledger: async (runs: number) => Ledger.parse(await apart(under, 'ledger', { runs })),
    memory: async (runs: number) => Memory.parse(await apart(under, 'memory', { runs })),
    takeUps: (rounds: number) => takeUps(under, rounds),
    list: (runs: number, looks: number) => list(under, { runs, looks }),
  };
}

/** A run that died at its 10,000th event, taken up so many times, each time from the same files. */
async function takeUps(under: string, rounds: number) {
  const died = await mkdtemp(join(under, 'died-'));
  const signal = await child('break-off', { work: died }).then(
    () => null,
    (error: unknown) => z.object({ signal: z.string().nullable() }).parse(error).signal,
  );
  if (signal !== 'SIGKILL') throw new Error('the run was not broken off');
  const taken = [];
  for (let round = 0; round < rounds; round += 1) {
    const work = await mkdtemp(join(under, 'again-'));
    await cp(died, work, { recursive: true });
    taken.push(TakenUp.parse(await child('take-up', { work })));
    await rm(work, { recursive: true, force: true });
  }
  await rm(died, { recursive: true, force: true });
  return {
    events: taken[0]?.events,
    openMs: figureOf(taken.map(({ openMs }) => openMs)),
    interruptedMs: figureOf(taken.map(({ interruptedMs }) => interruptedMs)),
    nextStepMs: figureOf(taken.map(({ nextStepMs }) => nextStepMs)),
  };
}

/** So many runs that have ended, asked of `serve` on its socket file: the first hundred, and all in pages of two hundred. In milliseconds. */
async function list(under: string, { runs, looks }: { runs: number; looks: number }) {
  const work = await mkdtemp(join(under, 'list-'));
  await child('fill', { work, runs, inFlight: 20 });
  const data = join(work, 'data');
  const { child: serve } = await startServe(data);
  const { calls, close } = await callHost(data);
  const page = async (cursor: string | null, limit: number) => {
    const answer = await calls.run.page({ cursor, limit });
    if (!answer.ok) throw new Error(answer.fault.code);
    return answer;
  };
  const whole = async () => {
    let count = 0;
    for (let cursor: string | null = null; ; ) {
      const { runs, cursor: next }: Awaited<ReturnType<typeof page>> = await page(cursor, 200);
      count += runs.length;
      if (next === null) return count;
      cursor = next;
    }
  };
  const counted = await whole();
  const firstPageMs = await times(looks, () => page(null, 100));
  const wholeMs = await times(looks, whole);
  close();
  const gone = new Promise((resolve) => serve.once('exit', resolve));
  serve.kill('SIGTERM');
  await gone;
  await rm(work, { recursive: true, force: true });
  return { runs: counted, firstPageMs, wholeMs };
}

async function times(count: number, work: () => Promise<unknown>): Promise<Figure> {
  const taken = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await work();
    taken.push(performance.now() - began);
  }
  return figureOf(taken);
}

async function apart(under: string, mode: string, asked: object): Promise<unknown> {
  const work = await mkdtemp(join(under, 'ours-'));
  try {
    return await child(mode, { ...asked, work });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function child(mode: string, asked: object): Promise<unknown> {
  const args = ['--expose-gc', CHILD, mode, JSON.stringify(asked)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}
