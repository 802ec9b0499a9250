import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MeasuredEngine, measuredTools } from '@soma/agent-core/testing/bench-engine';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { bareLedger } from './bare-ledger.ts';
import { memoryOver } from './memory.ts';
import { plans, tasksOf } from './plans.ts';
import { breakOff, takeUp } from './resume.ts';

// One measurement in a process of its own: `MODE JSON`, the answer is one line of JSON.

const Asked = z.object({
  work: z.string(),
  plan: z.string().default('one'),
  inFlight: z.number().default(1),
  runs: z.number().default(1),
  warm: z.number().default(0),
});
type Asked = z.infer<typeof Asked>;

const modes: Readonly<Record<string, (asked: Asked) => Promise<object | null>>> = {
  steps,
  onto,
  fill: async (asked) =>
    withEngine(asked, (engine) => all(engine, asked, { count: asked.runs, name: 'run' })).then(() => ({})),
  memory: async (asked) => withEngine(asked, (engine) => memoryOver(engine, asked.runs)),
  'break-off': async ({ work }) => breakOff(await openEngine(work)),
  'take-up': async ({ work }) => takeUp(() => openEngine(work)),
  ledger: ({ work, runs }) => bareLedger(join(work, 'data'), runs),
};

const [mode = '', given = '{}'] = process.argv.slice(2);
const measure = modes[mode];
if (measure === undefined) throw new Error(`there is no mode ${mode}`);
process.stdout.write(`${JSON.stringify(await measure(Asked.parse(JSON.parse(given))))}\n`);

async function openEngine(work: string): Promise<MeasuredEngine> {
  const folder = join(work, 'folder');
  await mkdir(folder, { recursive: true });
  return MeasuredEngine.open({
    ...{ data: join(work, 'data'), folder, plans, tools: measuredTools(), parallelCalls: 20 },
  });
}

async function withEngine<Value>({ work }: Asked, use: (engine: MeasuredEngine) => Promise<Value>) {
  const engine = await openEngine(work);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/**
 * Whole runs of the plan, and what was committed meanwhile. A reading plan is followed once before, so that its results are remembered and no
 * later run makes a call; one that acts makes each call anew. `executeSeconds`: time in Execute alone, from the commit that begins it to
 * the commit that ends it.
 */
async function steps(asked: Asked) {
  const { work, warm, runs } = asked;
  await withEngine(asked, (engine) => all(engine, { ...asked, inFlight: 1 }, { count: 1, name: 'first' }));
  const counts = { steps: 0, calls: 0, commits: 0, events: 0, executeSeconds: 0 };
  let [seconds, cpuSeconds] = [0, 0];
  const sizes: number[] = [];
  await withEngine(asked, (engine) => all(engine, asked, { count: warm, name: 'warm' }));
  sizes.push(await bytesOf(work));
  await withEngine(asked, async (engine) => {
    // The first run of a process compiles what all others use.
    await all(engine, asked, { count: 1, name: 'open' });
    const begun = new Map<string, number>();
    engine.onCommit((events, at) => {
      counts.commits += 1;
      counts.events += events.length;
      for (const event of events) {
        if (event.type === 'tool-call.completed') counts.calls += 1;
        if (event.type === 'step.completed' || event.type === 'step.skipped') {
          counts.steps += 1;
          if (event.data.step === 'execute')
            counts.executeSeconds += (at - (begun.get(`${event.stream} ${event.data.task}`) ?? at)) / 1000;
        }
        if (event.type === 'step.started' && event.data.step === 'execute')
          begun.set(`${event.stream} ${event.data.task}`, at);
      }
    });
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    await all(engine, asked, { count: runs, name: 'run' });
    seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    cpuSeconds = (user + system) / 1e6;
  });
  sizes.push(await bytesOf(work));
  const [before = 0, after = 0] = sizes;
  const tasks = tasksOf(asked.plan);
  // One run more was written between the two sizes than was timed.
  return {
    ...counts,
    seconds,
    cpuSeconds,
    bytes: ((after - before) * runs) / (runs + 1),
    tasks: tasks * runs,
  };
}

/** Milliseconds a state transition, from the end of the first task, which left a small or a large answer, to the end of the run. */
async function onto(asked: Asked) {
  return withEngine(asked, async (engine) => {
    const times = { 'onto-small': [] as number[], 'onto-large': [] as number[] };
    let began = 0;
    engine.onCommit((events, at) => {
      for (const event of events)
        if (event.type === 'task.completed' && event.data.task === 't-0') began = at;
    });
    for (let n = 0; n < asked.warm + asked.runs; n += 1) {
      for (const plan of ['onto-small', 'onto-large'] as const) {
        await engine.run(`${plan}-${n}`, plan, false);
        if (n >= asked.warm) times[plan].push((performance.now() - began) / (tasksOf(plan) * 8));
      }
    }
    return { small: times['onto-small'], large: times['onto-large'] };
  });
}

/** Follows the plan so many times, `inFlight` of them at once. */
async function all(engine: MeasuredEngine, asked: Asked, { count, name }: { count: number; name: string }) {
  const { plan, inFlight } = asked;
  let next = 0;
  const lane = async () => {
    while (next < count) await engine.run(`${name}-${next++}`, plan, false);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/** Bytes of the databases, everything written into them, and of the texts kept as files. */
async function bytesOf(work: string): Promise<number> {
  const data = join(work, 'data');
  for (const name of ['ledger.db', 'memory.db']) {
    const database = new Database(join(data, name));
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
  }
  let bytes = 0;
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    const counts =
      entry.isFile() && (/\.db(-wal)?$/.test(entry.name) || entry.parentPath.includes('content'));
    if (counts) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
