import type { MeasuredEngine } from '@soma/agent-core/testing/bench-engine';
import { aScope } from '@soma/agent-core/testing/bench-engine';

/** Events of the run that is taken up. */
const EVENTS = 10_000;
const RUN = 'long';

/** Follows the plan of many tasks until its run has so many events, and dies there as if killed. */
export async function breakOff(engine: MeasuredEngine): Promise<null> {
  engine.onCommit((events) => {
    if (events.some(({ sequence }) => sequence >= EVENTS)) process.kill(process.pid, 'SIGKILL');
  });
  await engine.run(RUN, 'long', true);
  throw new Error(`the run ended before it had ${EVENTS} events`);
}

/**
 * Milliseconds from before the store is opened until: it is open; the run is found, folded and recorded as interrupted; and, resumed at once, its
 * next step is committed.
 */
export async function takeUp(open: () => Promise<MeasuredEngine>) {
  const began = performance.now();
  const engine = await open();
  const openMs = performance.now() - began;
  let events = 0;
  let resumed = false;
  const stepped = new Promise<number>((resolve) => {
    engine.onCommit((committed, at) => {
      for (const { type, sequence } of committed) {
        if (type === 'run.interrupted') events = sequence - 1;
        if (type === 'run.resumed') resumed = true;
        else if (resumed) resolve(at - began);
      }
    });
  });
  const found = await engine.engine.adopt([]);
  if (found !== 1) throw new Error(`${found} runs were found`);
  const interruptedMs = performance.now() - began;
  const resume = { type: 'resume', approve: null, handedOver: false } as const;
  const answer = await engine.engine.command(RUN, resume, { id: 'resume', scope: aScope() });
  if (!answer.ok) throw new Error(answer.fault.code);
  const nextStepMs = await stepped;
  await engine.close();
  return { events, openMs, interruptedMs, nextStepMs };
}
