import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Figure, figureOf, rounded } from './part/figure.ts';

// Many agents at once: what the engine adds to a step while as many runs wait for their models. Each measurement in a process of its own,
// medians of three. `npm run bench -- agents [--short]`.

const COUNTED = {
  agent:
    'a run of a packaged plan of tasks in a row, each with one call, a state of 1 kB more each time; no board',
  latency:
    'the port of models has no turns yet, so the scripted time of a model is that of a tool: each call waits a time of its own between ' +
    'fromMs and toMs, drawn from its key, the same in every run',
  overheadMs:
    'of every one of the eight states: from the commit that begins it to the commit that ends it, less the scripted time of its call, if it made ' +
    'one. What a timer is late counts as overhead, and so does waiting for a turn',
  loopBusy: 'share of the time in which the one thread was busy: near 1 the figures are those of a queue',
  asShipped:
    'the same with as many calls under way at once as the product allows, 8 over all runs: waiting for a turn is most of it',
};

const short = process.argv.includes('--short');
const ROUNDS = short ? 1 : 3;
const LATENCY = { fromMs: 1000, toMs: 3000 };
/** Calls under way at once over all runs, in the product. */
const SHIPPED = 8;

const Measured = z.object({
  seconds: z.number(),
  steps: z.number(),
  calls: z.number(),
  stepsASecond: z.number(),
  overheadMs: z.object({ median: z.number(), p95: z.number(), n: z.number() }),
  overheadOfExecuteMs: z.object({ median: z.number(), p95: z.number(), n: z.number() }),
  cpuMsAStep: z.number(),
  loopBusy: z.number(),
});
type Measured = z.infer<typeof Measured>;

const work = await mkdtemp(join(tmpdir(), 'soma-bench-'));
try {
  const tasks = short ? 2 : 8;
  const hundred: Measured[] = [];
  const fiveHundred: Measured[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    hundred.push(await once({ agents: 100, tasks, parallelCalls: 100 }));
    fiveHundred.push(await once({ agents: 500, tasks, parallelCalls: 500 }));
    process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  }
  const shipped = await once({ agents: 100, tasks: short ? 1 : 2, parallelCalls: SHIPPED });
  const answer = {
    bench: 'agents',
    short,
    machine: {
      ...{ cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.versions.node },
      load: loadavg().map(rounded),
    },
    counted: COUNTED,
    latency: LATENCY,
    tasks,
    agents100: summed(hundred),
    agents500: summed(fiveHundred),
    asShipped: { agents: 100, parallelCalls: SHIPPED, ...summed([shipped]) },
  };
  process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
} finally {
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

/** Medians over the rounds. */
function summed(rounds: readonly Measured[]) {
  const of = (value: (round: Measured) => number) => figureOf(rounds.map(value)).median;
  const both = (figure: (round: Measured) => Figure) => ({
    ...{ median: of((round) => figure(round).median), p95: of((round) => figure(round).p95) },
    n: of((round) => figure(round).n),
  });
  return {
    rounds: rounds.length,
    overheadMs: both(({ overheadMs }) => overheadMs),
    overheadOfExecuteMs: both(({ overheadOfExecuteMs }) => overheadOfExecuteMs),
    cpuMsAStep: of(({ cpuMsAStep }) => cpuMsAStep),
    loopBusy: of(({ loopBusy }) => loopBusy),
    stepsASecond: of(({ stepsASecond }) => stepsASecond),
    steps: of(({ steps }) => steps),
    seconds: of(({ seconds }) => seconds),
  };
}

async function once(asked: { agents: number; tasks: number; parallelCalls: number }): Promise<Measured> {
  const child = fileURLToPath(new URL('./agents/child.ts', import.meta.url));
  const place = await mkdtemp(join(work, 'agents-'));
  const given = JSON.stringify({ ...asked, ...LATENCY, work: place });
  const { stdout } = await promisify(execFile)(process.execPath, [child, given]);
  await rm(place, { recursive: true, force: true });
  return Measured.parse(JSON.parse(stdout));
}
