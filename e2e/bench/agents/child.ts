import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { MeasuredEngine, measuredTools } from '@soma/agent-core/testing/bench-engine';
import { z } from 'zod';
import { figureOf, rounded } from '../part/figure.ts';

// So many agents at once in a process of its own: `JSON`, the answer is one line of JSON.

const Asked = z.object({
  work: z.string(),
  agents: z.number(),
  tasks: z.number(),
  parallelCalls: z.number(),
  fromMs: z.number(),
  toMs: z.number(),
});
type Asked = z.infer<typeof Asked>;

const asked = Asked.parse(JSON.parse(process.argv[2] ?? '{}'));
process.stdout.write(`${JSON.stringify(await measure(asked))}\n`);

async function measure({ work, agents, tasks, parallelCalls, fromMs, toMs }: Asked) {
  const folder = join(work, 'folder');
  await mkdir(folder, { recursive: true });
  /** A call's own time, in milliseconds, by its key: the same in every run of the bench. */
  const delayOf = (key: string) => fromMs + Math.floor(shareOf(key) * (toMs - fromMs));
  const tools = measuredTools(delayOf);
  const plans = [planOf(tasks)];
  const engine = await MeasuredEngine.open({ data: join(work, 'data'), folder, plans, tools, parallelCalls });
  const begun = new Map<string, number>();
  const steps: number[] = [];
  const calls: number[] = [];
  const keyOf = (stream: string, task: string) => `${stream.slice('run/'.length)}.${task}.1.execute`;
  try {
    // What a process does once is done before.
    await engine.run('warm', 'agent', false);
    engine.onCommit((events, at) => {
      for (const event of events) {
        if (event.type === 'step.started') begun.set(`${event.stream} ${event.data.task}`, at);
        if (event.type !== 'step.completed' && event.type !== 'step.skipped') continue;
        const { step, task } = event.data;
        const took = at - (begun.get(`${event.stream} ${task}`) ?? Number.NaN);
        const own = step === 'execute' ? delayOf(keyOf(event.stream, task)) : 0;
        steps.push(took - own);
        if (step === 'execute') calls.push(took - own);
      }
    });
    const began = performance.now();
    const cpu = process.cpuUsage();
    const lag = performance.eventLoopUtilization();
    await Promise.all(
      Array.from({ length: agents }, async (_, n) => {
        // Nobody starts hundreds in the same millisecond; they come within the longest call's time.
        await pause(Math.floor(shareOf(`start ${n}`) * toMs));
        await engine.run(`agent-${n}`, 'agent', false);
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return {
      seconds: rounded(seconds),
      steps: steps.length,
      calls: calls.length,
      stepsASecond: rounded(steps.length / seconds),
      overheadMs: figureOf(steps),
      overheadOfExecuteMs: figureOf(calls),
      cpuMsAStep: rounded((user + system) / 1000 / steps.length),
      loopBusy: rounded(performance.eventLoopUtilization(lag).utilization),
    };
  } finally {
    await engine.close();
  }
}

/** Between 0 and 1, the same for the same text. */
function shareOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}

function planOf(tasks: number): string {
  const row = Array.from({ length: tasks }, (_, index) => ({
    ...{ id: `t-${index + 1}`, title: 'Next', tool: 'act_nothing', arguments: { bytes: 1000 } },
    ...(index > 0 && { after: [`t-${index}`] }),
  }));
  return JSON.stringify({
    ...{ schema: 'packaged-plan.v1', name: 'agent', version: '1.0.0', title: 'agent' },
    ...{ description: 'For the bench.', examples: ['agent'], rights: ['board'], tasks: row },
  });
}
