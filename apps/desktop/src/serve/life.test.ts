import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { watchLife } from './life.ts';

describe('a host in the background', () => {
  it('ends once nobody has needed it for the whole time', async () => {
    const onIdle = vi.fn();
    const began = performance.now();
    watchLife({ isNeeded: () => false, idleMs: 100, onIdle });
    await vi.waitFor(() => expect(onIdle).toHaveBeenCalledTimes(1));
    expect(performance.now() - began).toBeGreaterThanOrEqual(99);
    await pause(60);
    expect(onIdle).toHaveBeenCalledTimes(1);
  });

  it('begins to count again whenever it was needed', async () => {
    const onIdle = vi.fn();
    let needed = false;
    const life = watchLife({ isNeeded: () => needed, idleMs: 100, onIdle });
    for (let n = 0; n < 4; n += 1) {
      await pause(40);
      needed = !needed;
    }
    await pause(30);
    expect(onIdle).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(onIdle).toHaveBeenCalledTimes(1));
    life.end();
  });

  it('stays as long as it is told to end no more', async () => {
    const onIdle = vi.fn();
    watchLife({ isNeeded: () => false, idleMs: 50, onIdle }).end();
    await pause(120);
    expect(onIdle).not.toHaveBeenCalled();
  });
});
