import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createOpenAIModel } from '@soma/agent-core/adapter/model-openai';
import { systemClock } from '@soma/agent-core/adapter/system';
import { TURN_LIMITS, type Turn } from '@soma/schemas/turn';
import OpenAI from 'openai';
import { z } from 'zod';
import { figureOf, rounded } from './part/figure.ts';

// What the provider adds to a model's answer, beside a bare `openai` call to the same scripted server in the same run, in turns: the time
// to the first word, the time each word takes, and words a second. Overhead is a figure of ours less the same figure of the bare call;
// how far two series of bare calls lie apart says what of it is the machine's. The server runs in another process and sends as fast as it can.
// `npm run bench -- models [TURNS]`.

const LIMITS = { firstMs: 5, perTokenMs: 5, throughput: 0.97, stopMs: 100 };
const ROUNDS = 40;
const STOPS = 30;
const WARM = 30;
const PERSON = { kind: 'person', id: 'bench' } as const;
const scope = {
  ...{ tenant: 'local', workspace: 'local', actor: [PERSON], causation: null },
  traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00`,
};
const KEY = 'bench-key';

/** Milliseconds to the first word and to the end, and how many words came. */
interface Timed {
  readonly first: number;
  readonly total: number;
  readonly tokens: number;
}
type Ask = () => Promise<Timed>;

const turns = Number(process.argv[2] ?? 300);
const file = fileURLToPath(new URL('./part/models-child.ts', import.meta.url));
const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
try {
  const line = await new Promise<Buffer>((resolve) => child.stdout.once('data', resolve));
  const at = z.object({ short: z.string(), long: z.string() }).parse(JSON.parse(line.toString('utf8')));
  process.stdout.write(`${JSON.stringify(await measure(at), null, 2)}\n`);
} finally {
  child.stdin.end();
  await once(child, 'exit');
}

async function measure({ short, long }: { readonly short: string; readonly long: string }) {
  const [oursShort, bareShort] = [ours(short), bare(short)];
  const first = await inTurns([oursShort, bareShort, bareShort], turns);
  process.stderr.write('first words done\n');
  const [oursLong, bareLong] = [ours(long), bare(long)];
  const whole = await inTurns([oursLong, bareLong], ROUNDS);
  process.stderr.write('throughput done\n');
  const firsts = first.map((series) => series.map((one) => one.first));
  const each = whole.map((series) =>
    series.map(({ first: from, total, tokens }) => (total - from) / (tokens - 1)),
  );
  const rates = whole.map((series) => series.map(({ total, tokens }) => (tokens * 1000) / total));
  const [ourFirst = [], bareFirst = [], bareAgain = []] = firsts;
  const [ourEach = [], bareEach = []] = each;
  const [ourRate = [], bareRate = []] = rates;
  const overFirst = lessThan(figureOf(ourFirst), figureOf([...bareFirst, ...bareAgain]));
  const overEach = lessThan(precise(ourEach), precise(bareEach));
  const stops = await stopping(long);
  const throughput = rounded(figureOf(ourRate).median / figureOf(bareRate).median);
  return {
    bench: 'models',
    machine: { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.versions.node },
    limits: LIMITS,
    firstTokenMs: {
      ...{ soma: figureOf(ourFirst), bare: figureOf([...bareFirst, ...bareAgain]), overhead: overFirst },
      bareBesideBare: lessThan(figureOf(bareFirst), figureOf(bareAgain)),
    },
    perTokenMs: { soma: precise(ourEach), bare: precise(bareEach), overhead: overEach },
    tokensPerSecond: { soma: figureOf(ourRate), bare: figureOf(bareRate), ratio: throughput },
    stopMs: figureOf(stops),
    met: {
      first: overFirst.p95 <= LIMITS.firstMs,
      perToken: overEach.p95 <= LIMITS.perTokenMs,
      throughput: throughput >= LIMITS.throughput,
      stop: figureOf(stops).p95 <= LIMITS.stopMs,
    },
  };
}

interface Spread {
  readonly median: number;
  readonly p95: number;
}

function lessThan(one: Spread, other: Spread): Spread {
  const less = (a: number, b: number) => Number((a - b).toFixed(5));
  return { median: less(one.median, other.median), p95: less(one.p95, other.p95) };
}

/** Each in its turn, the order changing, so that whatever else the machine does meets both. */
async function inTurns(asks: readonly Ask[], rounds: number): Promise<readonly (readonly Timed[])[]> {
  const series: Timed[][] = asks.map(() => []);
  for (let round = -Math.min(WARM, rounds); round < rounds; round += 1) {
    const order = asks.map((_, index) => (index + Math.abs(round)) % asks.length);
    for (const index of order) {
      const timed = await asks[index]?.();
      if (timed !== undefined && round >= 0) series[index]?.push(timed);
    }
  }
  return series;
}

function turnOf(): Turn {
  const messages: Turn['messages'] = [{ role: 'user', parts: [{ type: 'text', text: 'Where does it go?' }] }];
  return {
    ...{ id: 'turn', messages, tools: [], choice: 'auto', shape: null, temperature: null },
    limits: TURN_LIMITS,
  };
}

function modelAt(address: string) {
  return createOpenAIModel({
    ...{ endpoint: 'other', address, model: 'scripted-1', clock: systemClock },
    ...{ secret: 'key', secrets: { get: async () => KEY } },
  });
}

function ours(address: string): Ask {
  const model = modelAt(address);
  const turn = turnOf();
  return async () => {
    const { signal } = new AbortController();
    let first = 0;
    let tokens = 0;
    const started = performance.now();
    const onDelta = () => {
      if (tokens === 0) first = performance.now() - started;
      tokens += 1;
    };
    const answer = await model.ask({ scope, turn, signal, onDelta });
    if (!answer.ok) throw new Error(answer.fault.code);
    return { first, tokens, total: performance.now() - started };
  };
}

/** The call as the package's own page has it; the words are put together, as anyone who uses them must. */
function bare(address: string): Ask {
  const client = new OpenAI({ apiKey: KEY, baseURL: address, maxRetries: 0 });
  return async () => {
    let [first, tokens, text] = [0, 0, ''];
    const started = performance.now();
    const stream = await client.chat.completions.create({
      model: 'scripted-1',
      messages: [{ role: 'user', content: 'Where does it go?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) {
      const word = chunk.choices[0]?.delta.content ?? '';
      if (word === '') continue;
      if (tokens === 0) first = performance.now() - started;
      tokens += 1;
      text += word;
    }
    if (text === '') throw new Error('no words came');
    return { first, tokens, total: performance.now() - started };
  };
}

/** Milliseconds from a stop in the middle of a long answer to its end. */
async function stopping(address: string): Promise<readonly number[]> {
  const model = modelAt(address);
  const times: number[] = [];
  for (let round = 0; round < STOPS; round += 1) {
    const stop = new AbortController();
    let at = 0;
    const onDelta = () => {
      if (at > 0) return;
      at = performance.now();
      stop.abort();
    };
    await model.ask({ scope, turn: turnOf(), signal: stop.signal, onDelta });
    times.push(performance.now() - at);
  }
  return times;
}

/** Times of a token are far below a hundredth of a millisecond. */
function precise(values: readonly number[]) {
  const { median, p95, n } = figureOf(values.map((value) => value * 1000));
  const exact = (microseconds: number) => Number((microseconds / 1000).toFixed(5));
  return { median: exact(median), p95: exact(p95), n };
}
