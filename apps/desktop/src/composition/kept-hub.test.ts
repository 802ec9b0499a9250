import { acquire, type OwnedFolder } from '@soma/agent-core/adapter/data-folder';
import { createIds, systemClock } from '@soma/agent-core/adapter/system';
import type { Clock } from '@soma/agent-core/port';
import type { CanvasMutation } from '@soma/schemas/canvas';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startHubProcess } from '../testing/hub-process.ts';
import { testFolder } from '../testing/source-host.ts';
import { KeptHub } from './kept-hub.ts';

/** Five seconds of the product pass in two hundred milliseconds here. */
const hurried: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / 25, signal),
};
const scope = {
  tenant: 'local',
  workspace: 'local',
  actor: [{ kind: 'person' as const, id: 'p' }],
  traceparent: createIds(systemClock).traceparent(),
  causation: null,
};
const board = { scope, document: 'board' };

function note(id: string): CanvasMutation {
  return { type: 'add-node', node: { kind: 'note', id, text: id, x: 0, y: 0, width: 200, height: 100 } };
}

describe('the hub that is kept', () => {
  let home: ReturnType<typeof testFolder>;
  let folder: OwnedFolder;
  let started: { pid: number; ended: Promise<void> }[];
  let hub: KeptHub;
  let told: (string | undefined)[];

  beforeEach(async () => {
    home = testFolder();
    const found = acquire(home.root);
    if (!found.owned) throw new Error('the folder is not ours');
    folder = found;
    started = [];
    told = [];
    hub = new KeptHub({
      start: async () => {
        const run = await startHubProcess({ folder: folder.path, exit: 'unclean' });
        started.push(run);
        return run;
      },
      clock: hurried,
    });
    hub.onFaults(() => told.push(hub.faults().at(-1)?.code));
    await hub.mutate({ ...board, author: 'person:p', key: 'a', mutations: [note('a')] });
  });
  afterEach(async () => {
    await hub.close();
    folder.release();
    home.remove();
  });

  const newest = () => started.at(-1) ?? { pid: 0, ended: Promise.resolve() };

  it('is said not to answer while its process hangs, which is then ended and replaced, and nothing stored is lost', async () => {
    const { pid, ended } = newest();
    process.kill(pid, 'SIGSTOP');
    await ended;
    await vi.waitFor(() => expect(started).toHaveLength(2), 10_000);
    await hub.mutate({ ...board, author: 'person:p', key: 'b', mutations: [note('b')] });
    expect((await hub.snapshot(board)).nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(told).toEqual(['HOST_UNREACHABLE', undefined]);
    expect(hub.faults()).toEqual([]);
  }, 20_000);

  it('is left alone when it takes long and then answers', async () => {
    const { pid } = newest();
    process.kill(pid, 'SIGSTOP');
    await vi.waitFor(() => expect(told).toEqual(['HOST_UNREACHABLE']), { interval: 5, timeout: 5000 });
    process.kill(pid, 'SIGCONT');
    await vi.waitFor(() => expect(told).toEqual(['HOST_UNREACHABLE', undefined]), {
      interval: 5,
      timeout: 5000,
    });
    expect(started).toHaveLength(1);
  });
});
