import type { Priority } from '@soma/schemas/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

const wish = (
  tool: string,
  change: { parallel?: number; priority?: Priority; signal?: AbortSignal } = {},
) => ({
  ...{ tool, parallel: change.parallel ?? null, priority: change.priority ?? 'normal' },
  signal: change.signal ?? new AbortController().signal,
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('go to urgent runs first, and among equals in the order in which they were asked for', async () => {
    const turns = new Turns(1);
    const end = await turns.take(wish('a'));
    const order: string[] = [];
    const ask = async (name: string, priority: Priority) => {
      const over = await turns.take(wish('a', { priority }));
      order.push(name);
      over();
    };
    const all = [ask('low', 'low'), ask('first', 'normal'), ask('second', 'normal'), ask('high', 'high')];
    end();
    await Promise.all(all);
    expect(order).toEqual(['high', 'first', 'second', 'low']);
  });

  it('of a tool at its limit are passed over, and what comes after them is not held up', async () => {
    const turns = new Turns(3);
    const end = await turns.take(wish('command', { parallel: 1 }));
    let second = false;
    const waiting = turns.take(wish('command', { parallel: 1 })).then(() => (second = true));
    await turns.take(wish('read'));
    expect(second).toBe(false);
    end();
    end();
    await waiting;
    expect(second).toBe(true);
  });

  it('are given up by whoever stops waiting', async () => {
    const turns = new Turns(1);
    const end = await turns.take(wish('a'));
    const stop = new AbortController();
    const refused = turns.take(wish('a', { signal: stop.signal }));
    stop.abort();
    await expect(refused).rejects.toThrow();
    end();
    await turns.take(wish('a'));
    await expect(turns.take(wish('a', { signal: AbortSignal.abort() }))).rejects.toThrow();
  });

  it('never pass their limits, and everybody who waits comes to one', async () => {
    const call = fc.record({
      tool: fc.constantFrom('a', 'b'),
      priority: fc.constantFrom<Priority>('low', 'normal', 'high'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        async (calls, total) => {
          const turns = new Turns(total);
          const busy = { a: 0, b: 0 };
          let most = 0;
          await Promise.all(
            calls.map(async ({ tool, priority }) => {
              const of = tool === 'a' ? 'a' : 'b';
              const end = await turns.take(wish(of, { parallel: of === 'a' ? 2 : 3, priority }));
              busy[of] += 1;
              most = Math.max(most, busy.a + busy.b);
              expect(busy.a).toBeLessThanOrEqual(2);
              expect(busy.b).toBeLessThanOrEqual(3);
              await settled();
              busy[of] -= 1;
              end();
            }),
          );
          expect(most).toBeLessThanOrEqual(total);
        },
      ),
      { numRuns: 30 },
    );
  });
});
