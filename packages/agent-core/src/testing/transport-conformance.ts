import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Connection,
  FLOW_WINDOW,
  type FlowDuplex,
  type HostCalls,
  hostCalls,
  PROTOCOL,
  type RunNews,
  watchRun,
} from '@soma/schemas/contract';
import type { RecordedRunEvent } from '@soma/schemas/event';
import { fold, type RunState } from '@soma/schemas/run';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCallServer } from '../adapter/transport/index.ts';
import { temporaryFolder } from './local-store.ts';
import { callsOf, eventsOf, SMALL_PLAN, settled, submitGoal } from './run-scenario.ts';
import { openTestHost, type TestHost } from './test-host.ts';

/** A way to a host in this process. */
export interface TransportUnderTest {
  /** Opens the pipe of another window. */
  open(): Promise<FlowDuplex>;
  close(): Promise<void>;
}

/** Events and deltas of a watch, as they came. */
interface Heard {
  readonly snapshots: RunState[];
  readonly events: RecordedRunEvent[];
}

function hearing(): Heard & { readonly take: (news: RunNews) => void } {
  const heard: Heard = { snapshots: [], events: [] };
  const take = (news: RunNews) => {
    if (news.type === 'snapshot') heard.snapshots.push(news.state);
    if (news.type === 'batch') heard.events.push(...news.events);
  };
  return { ...heard, take };
}

/** What every transport must do. `make` answers one that gives each pipe of a client to `serve`. */
export function transportConformance(
  name: string,
  make: (serve: (pipe: FlowDuplex) => void, folder: string) => Promise<TransportUnderTest>,
): void {
  describe(`${name} keeps the promises of a transport`, () => {
    let temporary: ReturnType<typeof temporaryFolder>;
    let folder: string;
    let host: TestHost;
    let transport: TransportUnderTest;
    let served: FlowDuplex[];

    beforeEach(async () => {
      temporary = temporaryFolder();
      folder = join(temporary.path, 'work');
      mkdirSync(folder);
      writeFileSync(join(folder, 'a.md'), '# One\nTWO words\n');
      writeFileSync(join(folder, 'b.md'), 'alone\n');
      host = await openTestHost(join(temporary.path, 'data'), [SMALL_PLAN]);
      const server = createCallServer(host.host.router, ({ error }) => {
        throw error;
      });
      served = [];
      const serve = (pipe: FlowDuplex) => {
        served.push(pipe);
        server.connect(pipe, { scope: host.host.scope() });
      };
      transport = await make(serve, temporary.path);
    });
    afterEach(async () => {
      await transport.close();
      await host.close();
      temporary.remove();
    });

    const opened = async () => {
      const pipe = await transport.open();
      return { pipe, calls: hostCalls(pipe) };
    };
    const begin = (calls: HostCalls, run: string) =>
      submitGoal(calls, {
        run,
        folder,
        goal: 'name the files',
        plan: 'name-the-files',
        slots: { word: 'TWO' },
      });

    it('answers calls, many at once', async () => {
      const { calls } = await opened();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => calls.host.describe({ protocol: PROTOCOL })),
      );
      for (const answer of answers)
        expect(answer).toMatchObject({ ok: true, protocol: PROTOCOL, person: { id: 'p1' } });
    });

    it('refuses with a fault and goes on', async () => {
      const { calls } = await opened();
      expect(await calls.host.describe({ protocol: 99 })).toMatchObject({
        ok: false,
        fault: { code: 'PROTOCOL_MISMATCH' },
      });
      expect(await calls.run.get({ run: 'none' })).toMatchObject({
        ok: false,
        fault: { code: 'RUN_UNKNOWN' },
      });
      const tooLong = 'x'.repeat(20_000);
      expect(await calls.goal.match({ text: tooLong, folder: null })).toMatchObject({
        ok: false,
        fault: { code: 'INVALID_INPUT' },
      });
      expect(await calls.host.describe({ protocol: PROTOCOL })).toMatchObject({ ok: true });
    });

    it('answers a command that is sent again as the first time, also over another pipe', async () => {
      const command = { id: 'c1', title: 'Board', folder: null };
      const first = await (await opened()).calls.canvas.create(command);
      expect(first.ok).toBe(true);
      expect(await (await opened()).calls.canvas.create(command)).toEqual(first);
    });

    it('watches a run: a snapshot first, then every event in order to its end', async () => {
      const { pipe, calls } = await opened();
      await begin(calls, 'r1');
      const { snapshots, events, take } = hearing();
      const stop = new AbortController();
      const connection: Connection = {
        current: () => hostCalls(pipe),
        restored: () => Promise.reject(new Error('lost')),
      };
      const watching = watchRun(connection, { id: 'r1', after: null, signal: stop.signal }, take);
      await settled(host, 'r1');
      const all = await eventsOf(host, 'r1');
      await vi.waitFor(() => expect((events.at(-1) ?? snapshots[0])?.sequence).toBe(all.length));
      stop.abort();
      await watching;
      expect(snapshots).toHaveLength(1);
      const seen = snapshots[0]?.sequence ?? 0;
      expect(snapshots[0]).toEqual(fold(all.slice(0, seen)));
      expect(events).toEqual(all.slice(seen));
    });

    it('sends nothing more of a watch that was cancelled', async () => {
      const { pipe, calls } = await opened();
      const heard = vi.fn();
      const stop = new AbortController();
      const watch = await calls.workspace.watch({}, { signal: stop.signal });
      await watch.next();
      stop.abort();
      await calls.host.describe({ protocol: PROTOCOL });
      pipe.onMessage((message) => {
        if (typeof message === 'string' && message.includes('"c2"')) heard();
      });
      await callsOf(host).canvas.create({ id: 'c2', title: 'Board', folder: null });
      await new Promise((resolve) => setTimeout(resolve, 200));
      await calls.host.describe({ protocol: PROTOCOL });
      expect(heard).not.toHaveBeenCalled();
    });

    it('goes on after a lost pipe from the last sequence seen, without a gap and without a repetition', async () => {
      let { pipe } = await opened();
      await begin(hostCalls(pipe), 'r1');
      const { snapshots, events, take } = hearing();
      const stop = new AbortController();
      let losses = 0;
      const connection: Connection = {
        current: () => hostCalls(pipe),
        restored: async () => {
          ({ pipe } = await opened());
        },
      };
      const watching = watchRun(connection, { id: 'r1', after: null, signal: stop.signal }, (news) => {
        take(news);
        if (losses >= 3) return;
        losses += 1;
        pipe.close();
      });
      await settled(host, 'r1');
      const all = await eventsOf(host, 'r1');
      await vi.waitFor(() => expect(events.at(-1)?.sequence).toBe(all.length));
      stop.abort();
      await watching;
      expect(losses).toBe(3);
      expect(snapshots).toHaveLength(1);
      expect(events).toEqual(all.slice(snapshots[0]?.sequence ?? 0));
    });

    it('survives the reload of a window: its pipe goes in the middle, its next one starts with all there is', async () => {
      const before = await opened();
      await begin(before.calls, 'r1');
      const watch = await before.calls.run.watch({ run: 'r1', after: null });
      await watch.next();
      const pending = before.calls.host.describe({ protocol: PROTOCOL });
      before.pipe.close();
      await Promise.allSettled([pending, watch.next()]);
      await settled(host, 'r1');
      const after = await opened();
      const { value } = await (await after.calls.run.watch({ run: 'r1', after: null })).next();
      expect(value).toEqual({ type: 'snapshot', state: fold(await eventsOf(host, 'r1')) });
    });

    it('holds back what a slow reader does not take, and lets others go on', async () => {
      const quick = await opened();
      for (let n = 0; n < 60; n += 1) {
        await quick.calls.canvas.create({
          id: `c${n}`,
          title: 'A board with a long name '.repeat(7),
          folder: null,
        });
      }
      const slow = await transport.open();
      const watches = 100;
      for (let n = 0; n < watches; n += 1) {
        slow.send(JSON.stringify({ i: String(n), p: { u: '/workspace/watch', b: { json: {} } } }));
      }
      await vi.waitFor(() => expect(served[1]?.pending()).toBeGreaterThan(FLOW_WINDOW));
      for (let n = 0; n < 5; n += 1) {
        expect(
          await quick.calls.canvas.rename({ id: `n${n}`, canvas: 'c0', title: `name ${n}` }),
        ).toMatchObject({ ok: true });
      }
      expect(served[1]?.pending()).toBeLessThan(1.1 * FLOW_WINDOW);
      // Once it reads, it gets each watch whole: the snapshot, and what is so now.
      const last = new Map<string, string>();
      slow.onMessage((message) => {
        if (typeof message !== 'string') return;
        const { i, p } = JSON.parse(message) as {
          i: string;
          p: { d?: { json: { workspace?: { canvases: { title: string }[] } } } };
        };
        last.set(i, p.d?.json.workspace?.canvases[0]?.title ?? last.get(i) ?? '');
      });
      await vi.waitFor(
        () => expect([...last.values()]).toEqual(Array.from({ length: watches }, () => 'name 4')),
        5000,
      );
      slow.close();
    });

    it('shows two windows the same run and each what the other does', async () => {
      const [one, two] = [await opened(), await opened()];
      await begin(one.calls, 'r1');
      const stop = new AbortController();
      const heard = [one, two].map(({ pipe }) => {
        const hears = hearing();
        const connection: Connection = {
          current: () => hostCalls(pipe),
          restored: () => Promise.reject(new Error('lost')),
        };
        void watchRun(connection, { id: 'r1', after: null, signal: stop.signal }, hears.take);
        return hears;
      });
      const watch = await two.calls.workspace.watch({});
      await watch.next();
      await one.calls.canvas.create({ id: 'shared', title: 'Shared', folder: null });
      await vi.waitFor(async () => expect(JSON.stringify(await watch.next())).toContain('"shared"'));
      await settled(host, 'r1');
      const all = await eventsOf(host, 'r1');
      for (const { snapshots, events } of heard) {
        await vi.waitFor(() => expect(snapshots[0]?.sequence ?? 0).toBeGreaterThan(0));
        await vi.waitFor(() => expect((snapshots[0]?.sequence ?? 0) + events.length).toBe(all.length));
      }
      stop.abort();
    });
  });
}
