import type { MeasuredEngine } from '@soma/agent-core/testing/bench-engine';

/** Runs between two looks at the memory. */
const EVERY = 200;
/** Runs before the first look: what a process needs once is no growth. */
const WARM = 200;

interface Sample {
  readonly runs: number;
  readonly rssKb: number;
  readonly heapKb: number;
}

/** Memory after a full collection, looked at over so many runs, and its slope in kB a run. Needs `--expose-gc`. */
export async function memoryOver(engine: MeasuredEngine, runs: number) {
  const samples: Sample[] = [];
  for (let done = 0; done <= WARM + runs; done += 1) {
    if (done >= WARM && (done - WARM) % EVERY === 0) samples.push(await look(done - WARM));
    await engine.run(`memory-${done}`, 'one', false);
  }
  const slope = (of: (sample: Sample) => number) => slopeOf(samples.map((one) => [one.runs, of(one)]));
  return { samples, rss: slope(({ rssKb }) => rssKb), heap: slope(({ heapKb }) => heapKb) };
}

async function look(runs: number): Promise<Sample> {
  if (globalThis.gc === undefined) throw new Error('start with --expose-gc');
  // What a run leaves to later turns is over then.
  for (let turns = 0; turns < 3; turns += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.gc();
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { runs, rssKb: Math.round(rss / 1024), heapKb: Math.round(heapUsed / 1024) };
}

/** Least squares: the slope, and its standard error. */
function slopeOf(points: readonly (readonly [number, number])[]): { kbARun: number; standardError: number } {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  const slope = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
  const rest = points.reduce((sum, [at, value]) => sum + (value - y - slope * (at - x)) ** 2, 0);
  const error = Math.sqrt(rest / Math.max(1, points.length - 2) / spread);
  return { kbARun: Math.round(slope * 1000) / 1000, standardError: Math.round(error * 1000) / 1000 };
}
