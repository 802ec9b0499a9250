import type { NewEvent } from '@soma/agent-core/port';
import { aScope, openLocalStore } from '@soma/agent-core/testing/bench-engine';

/** Streams to which one commit appends, where many are committed together. */
const TOGETHER = 20;

/**
 * The ledger alone, as the limit: commits of what one state transition writes (the end of a state and the start of the next), under a lease
 * as the engine's are. One after the other to one stream, and as one commit to twenty streams, which the engine does not do.
 */
export async function bareLedger(data: string, commits: number) {
  const store = await openLocalStore(data);
  const scope = aScope();
  try {
    const lease = await store.ledger.lease({ scope, stream: 'run/one', holder: 'bench', ttlMs: 3_600_000 });
    if (lease === null) throw new Error('the lease is held');
    const one = timed(commits, async (n) => {
      const append = { stream: 'run/one', expected: 1 + n * 2, events: transition(`one-${n}`) };
      return store.ledger.commit({ scope, appends: [append], fence: lease.fence });
    });
    await begin(['one']);
    const single = await one();
    const names = Array.from({ length: TOGETHER }, (_, n) => `many-${n}`);
    await begin(names);
    const many = timed(Math.ceil(commits / TOGETHER), async (n) =>
      store.ledger.commit({
        scope,
        appends: names.map((name) => ({
          ...{ stream: `run/${name}`, expected: 1 + n * 2, events: transition(`${name}-${n}`) },
        })),
        fence: null,
      }),
    );
    return { single, together: (await many()) * TOGETHER };
  } finally {
    await store.memory.close();
    store.close();
  }

  async function begin(names: readonly string[]): Promise<void> {
    for (const run of names) {
      const goal = await store.content.put(scope, 'bare', 'text/plain');
      const where = { run, goal, folder: { id: 'f', path: '/f' }, canvas: 'none' };
      const how = { plan: null, slots: {}, approve: 'never' } as const;
      const events: NewEvent[] = [
        { id: `${run}-goal`, time: now(), type: 'goal.submitted', data: { ...where, ...how } },
      ];
      const append = { stream: `run/${run}`, expected: 0, events };
      const result = await store.ledger.commit({ scope, appends: [append], fence: null });
      if (!result.ok) throw new Error('the goal was refused');
    }
  }
}

/** Commits a second. */
function timed(count: number, commit: (n: number) => Promise<{ ok: boolean }>): () => Promise<number> {
  return async () => {
    const began = performance.now();
    for (let n = 0; n < count; n += 1) if (!(await commit(n)).ok) throw new Error('a commit was refused');
    return count / ((performance.now() - began) / 1000);
  };
}

function transition(id: string): NewEvent[] {
  const at = { task: 't-1', attempt: 1 };
  const note = { code: 'nothing-to-check', data: {} };
  return [
    { id: `${id}-a`, time: now(), type: 'step.skipped', data: { ...at, step: 'verify', note } },
    { id: `${id}-b`, time: now(), type: 'step.started', data: { ...at, step: 'commit' } },
  ];
}

function now(): string {
  return new Date().toISOString();
}
