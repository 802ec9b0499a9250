import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { COUNTED } from './durable/counted.ts';
import { type OurSteps, ours } from './durable/ours.ts';
import { ensurePeer, type PeerMeasured, peerRuns } from './durable/peer.ts';
import { figureOf, rounded } from './part/figure.ts';

// Durable steps: the product's engine on its ledger, every commit on disk before the next step, beside LangGraph's graph of eight nodes on its
// own SQLite saver. Each measurement in a process of its own, both in turns, medians of three. `npm run bench -- durable [--short]`.

const GOALS = {
  stepsAtOneRun: { atLeast: 1.5 },
  stepsAtTwentyRuns: { atLeast: 4 },
  stepsWithAnEffect: { atLeast: 0.75 },
  bytesAStep: { atMost: 0.3 },
  ontoLargeState: { atMost: 1.2 },
  resumeMs: { atMost: 2000 },
  listMs: { atMost: 50 },
};

const short = process.argv.includes('--short');
const ROUNDS = short ? 1 : 3;
const SIZE = short
  ? { ours: 10, peer: 80, warm: 3, onto: 4, commits: 1000, memory: 400, list: 1100, looks: 20 }
  : { ours: 60, peer: 480, warm: 20, onto: 15, commits: 5000, memory: 2000, list: 1100, looks: 50 };

const work = await mkdtemp(join(tmpdir(), 'soma-bench-'));
try {
  await ensurePeer();
  process.stdout.write(`${JSON.stringify(await measure(work), null, 2)}\n`);
} finally {
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

async function measure(under: string) {
  const product = ours(under);
  const rounds: Round[] = [];
  // In turns, so that whatever else the machine does meets both.
  for (let round = 1; round <= ROUNDS; round += 1) {
    rounds.push(await oneRound(under));
    process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  }
  const resume = await product.takeUps(ROUNDS);
  process.stderr.write('resume\n');
  const list = await product.list(SIZE.list, SIZE.looks);
  process.stderr.write('list\n');
  const memory = await product.memory(SIZE.memory);
  return {
    bench: 'durable',
    short,
    machine: {
      ...{ cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.versions.node },
      load: loadavg().map(rounded),
    },
    peer: { ...(await peerVersions()), synchronous: rounds[0]?.peerOne.synchronous },
    ledger: { synchronous: 'FULL' },
    counted: COUNTED,
    ...speeds(rounds),
    ...growth(rounds),
    resume: { ...resume, ...judged(resume.nextStepMs.median, GOALS.resumeMs) },
    list: { ...list, ...judged(list.wholeMs.median, GOALS.listMs) },
    memory: { runs: SIZE.memory, ...memory },
  };
}

type Round = Awaited<ReturnType<typeof oneRound>>;
type Of = (round: Round) => number;
type Goal = { readonly atLeast: number } | { readonly atMost: number };

async function oneRound(under: string) {
  const product = ours(under);
  const { warm } = SIZE;
  const mine = { inFlight: 1, runs: SIZE.ours, warm };
  const theirs = { inFlight: 1, runs: SIZE.peer, warm, synchronous: null };
  const twenty = { inFlight: 20, warm: 20 };
  return {
    peerOne: await peerRuns(under, { ...theirs, work: 'small' }),
    one: await product.steps({ ...mine, plan: 'row-of-eight' }),
    peerTwenty: await peerRuns(under, { ...theirs, ...twenty, work: 'small' }),
    twenty: await product.steps({ ...mine, ...twenty, runs: SIZE.ours * 2, plan: 'row-of-eight' }),
    peerGrowing: await peerRuns(under, { ...theirs, work: 'growing' }),
    growing: await product.steps({ ...mine, plan: 'growing' }),
    acts: await product.steps({ ...mine, plan: 'acts' }),
    ledger: await product.ledger(SIZE.commits),
    peerFull: await peerRuns(under, { ...theirs, work: 'small', synchronous: 'FULL' }),
    onto: await product.onto({ runs: SIZE.onto, warm: 2 }),
    peerOnto: await peerRuns(under, { ...theirs, runs: SIZE.peer / 4, work: 'onto' }),
  };
}

/** How fast steps are, without an effect and with one, and how fast the ledger alone is. */
function speeds(rounds: readonly Round[]) {
  const rates = (of: Of) => figureOf(rounds.map(of));
  return {
    stepsASecond: {
      oneRun: beside(rounds, {
        ours: (r) => rate(r.one),
        peer: (r) => rate(r.peerOne),
        goal: GOALS.stepsAtOneRun,
      }),
      twentyRuns: beside(rounds, {
        ours: (r) => rate(r.twenty),
        peer: (r) => rate(r.peerTwenty),
        goal: GOALS.stepsAtTwentyRuns,
      }),
      peerWithSynchronousFull: { oneRun: rates((r) => rate(r.peerFull)) },
      commitsAStep: rates((r) => r.one.commits / r.one.steps),
      cpuMsAStep: {
        ours: rates((r) => cpuMs(r.one)),
        peer: rates((r) => cpuMs(r.peerOne)),
        oursAtTwenty: rates((r) => cpuMs(r.twenty)),
        peerAtTwenty: rates((r) => cpuMs(r.peerTwenty)),
      },
    },
    bareLedger: {
      commitsASecond: rates((r) => r.ledger.single),
      transitionsASecondTwentyACommit: rates((r) => r.ledger.together),
    },
    withAnEffect: {
      executeASecond: beside(rounds, {
        ours: (r) => r.acts.calls / r.acts.executeSeconds,
        peer: (r) => rate(r.peerOne),
        goal: GOALS.stepsWithAnEffect,
      }),
      allTransitionsASecond: rates((r) => rate(r.acts)),
      wholeTasksASecond: rates((r) => r.acts.tasks / r.acts.seconds),
    },
  };
}

/** What a step costs as the state grows: bytes, and time. */
function growth(rounds: readonly Round[]) {
  const rates = (of: Of) => figureOf(rounds.map(of));
  const onto = (of: 'small' | 'large') => rates(({ onto }) => figureOf(onto[of]).median);
  return {
    bytes: {
      aTransition: beside(rounds, {
        ours: (r) => r.growing.bytes / r.growing.steps,
        peer: (r) => r.peerGrowing.bytes / r.peerGrowing.steps,
        goal: GOALS.bytesAStep,
      }),
      aWholeTask: beside(rounds, {
        ours: (r) => r.growing.bytes / r.growing.tasks,
        peer: (r) => r.peerGrowing.bytes / r.peerGrowing.steps,
        goal: GOALS.bytesAStep,
      }),
    },
    ontoLargeState: {
      ...{ onSmallMs: onto('small'), onLargeMs: onto('large') },
      ...judged(onto('large').median / onto('small').median, GOALS.ontoLargeState),
      peerRatio: rounded(rates((r) => rate(r.peerOne)).median / rates((r) => rate(r.peerOnto)).median),
    },
  };
}

/** Both sides, and ours to theirs. */
function beside(rounds: readonly Round[], { ours, peer, goal }: { ours: Of; peer: Of; goal: Goal }) {
  const [mine, theirs] = [figureOf(rounds.map(ours)), figureOf(rounds.map(peer))];
  return { ours: mine, peer: theirs, ...judged(mine.median / theirs.median, goal) };
}

function rate({ steps, seconds }: OurSteps | PeerMeasured): number {
  return steps / seconds;
}

/** Time of all processors: on a busy machine it tells more than the clock. */
function cpuMs({ steps, cpuSeconds }: OurSteps | PeerMeasured): number {
  return (cpuSeconds * 1000) / steps;
}

function judged(value: number, goal: Goal) {
  const met = 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
  return { value: rounded(value), goal, met };
}

async function peerVersions() {
  const file = new URL('./durable/peer/package.json', import.meta.url);
  const shape = z.object({ dependencies: z.record(z.string(), z.string()) });
  return { versions: shape.parse(JSON.parse(await readFile(file, 'utf8'))).dependencies };
}
