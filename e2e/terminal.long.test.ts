import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dialSocketFile } from '@soma/agent-core/adapter/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endHost, hostPid } from './host-process.ts';
import { newData, soma } from './seat.ts';

describe('a host in the background', () => {
  let data: Awaited<ReturnType<typeof newData>>;

  beforeEach(async () => {
    data = await newData();
  });
  afterEach(async () => {
    await endHost(data.path);
    await data.remove();
  });

  it('ends half a minute after its last client, and not while there is one', async () => {
    expect((await soma(['runs'], data.path)).code).toBe(0);
    const pid = await hostPid(data.path);
    expect(pid).not.toBeNull();
    const client = await dialSocketFile(join(data.path, 'host.sock'));
    await pause(40_000);
    expect(await hostPid(data.path)).toBe(pid);
    const left = performance.now();
    client.close();
    await expect.poll(() => hostPid(data.path), { timeout: 60_000, interval: 200 }).toBeNull();
    expect(performance.now() - left).toBeGreaterThan(27_000);
    expect(performance.now() - left).toBeLessThan(45_000);
  }, 150_000);
});
