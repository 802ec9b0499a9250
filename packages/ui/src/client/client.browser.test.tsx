import type { Duplex } from '@soma/schemas/contract';
import { describe, expect, it } from 'vitest';
import { browserPlatform } from '../platform.ts';
import { fastqContents, fastqRun } from '../testing/recorded-run.ts';
import { LiveNews, type Script, scriptHost } from '../testing/scripted-host.ts';
import { createCommands } from './commands.ts';
import { type Client, openClient } from './index.ts';
import { createViewStore, PANEL_BOUNDS } from './view-store.ts';

const RUN = 'run-fastq';

/** A client whose pipe the test can break; each connection after that is a new pipe to the same host. */
async function connect(script: Script) {
  const host = scriptHost(script);
  const pipes: Duplex[] = [];
  const opened = await openClient({
    connect: async () => {
      const pipe = await host.connect();
      pipes.push(pipe);
      return pipe;
    },
    platform: browserPlatform,
    storage: null,
  });
  if (!opened.ok) throw new Error(`refused: ${opened.fault.code}`);
  return { client: opened.client, host, pipes, cut: () => pipes.at(-1)?.close() };
}

const stateOf = ({ runs }: Client) => runs.of(RUN).view.getState().state;

describe('the window’s link to its host', () => {
  it('opens another pipe when the one it has breaks, and says so meanwhile', async () => {
    const { client, pipes, cut } = await connect({});
    const reached: boolean[] = [];
    client.link.reach.subscribe(({ connected }) => reached.push(connected));
    cut();
    await expect.poll(() => reached).toEqual([false, true]);
    expect(pipes.length).toBe(2);
    client.close();
  });

  it('sends a command once more over the next pipe, with the id it had', async () => {
    const { client, host, cut } = await connect({});
    cut();
    const answer = await createCommands(client).pause(RUN);
    expect(answer.ok).toBe(true);
    expect(host.received.map(({ command }) => command)).toEqual(['run.pause']);
    client.close();
  });

  it('answers with a fault, not an exception, when the host refuses', async () => {
    const refused = { code: 'RUN_ENDED', data: {}, retry: { when: 'never' } } as const;
    const { client } = await connect({ refused: { 'run.stop': refused } });
    expect(await createCommands(client).stop(RUN)).toEqual({ ok: false, fault: refused });
    client.close();
  });

  it('says why there is no client when the host cannot be reached', async () => {
    const opened = await openClient({
      connect: () => Promise.reject(new Error('nobody listens')),
      platform: browserPlatform,
      storage: null,
    });
    expect(opened.ok === false && opened.fault.code).toBe('HOST_UNREACHABLE');
  });
});

describe('a run that is followed', () => {
  it('goes on over the next pipe from where it was, without a gap or a repeat', async () => {
    const half = Math.floor(fastqRun.length / 2);
    const live = new LiveNews();
    const { client, cut } = await connect({
      runs: [fastqRun.slice(0, half)],
      contents: fastqContents,
      live,
    });
    const stop = client.runs.follow(RUN);
    await expect.poll(() => stateOf(client)?.sequence).toBe(half);
    cut();
    await expect.poll(() => client.link.reach.getState().connected).toBe(false);
    await expect.poll(() => client.link.reach.getState().connected).toBe(true);
    live.tell(fastqRun.slice(half));
    await expect.poll(() => stateOf(client)?.status.name).toBe('ended');
    expect(stateOf(client)?.sequence).toBe(fastqRun.length);
    stop();
    client.close();
  });

  it('keeps the identity of every task that an event is not about', async () => {
    const at = fastqRun.findIndex(({ type }) => type === 'step.completed');
    const live = new LiveNews();
    const { client } = await connect({ runs: [fastqRun.slice(0, at)], live });
    client.runs.follow(RUN);
    await expect.poll(() => stateOf(client)?.sequence).toBe(at);
    const before = stateOf(client)?.tasks ?? [];
    const event = fastqRun[at];
    if (event?.type !== 'step.completed') throw new Error('the recorded run completes no step');
    live.tell([event]);
    await expect.poll(() => stateOf(client)?.sequence).toBe(at + 1);
    const changed = stateOf(client)?.tasks.filter((task, place) => task !== before[place]) ?? [];
    expect(changed.map(({ id }) => id)).toEqual([event.data.task]);
    client.close();
  });
});

describe('what the window remembers', () => {
  it('is there again after a restart: board, panels, sizes, camera and theme', () => {
    sessionStorage.clear();
    const first = createViewStore(sessionStorage);
    first.openCanvas('c1');
    first.togglePanel('drawer', true);
    first.resizePanel('inspector', 400);
    first.keepCamera('c1', { x: 1, y: 2, zoom: 0.5 });
    first.setTheme('dark');
    const again = createViewStore(sessionStorage).getState();
    expect(again).toMatchObject({
      canvas: 'c1',
      theme: 'dark',
      cameras: { c1: { x: 1, y: 2, zoom: 0.5 } },
      panels: { drawer: true },
      sizes: { inspector: 400 },
    });
  });

  it('is begun anew from what is damaged, and kept within bounds', () => {
    sessionStorage.setItem(
      'soma.view',
      '{"sizes":{"inspector":99999},"panels":"x","cameras":{"c":{"zoom":0}}}',
    );
    const { sizes, panels, cameras } = createViewStore(sessionStorage).getState();
    expect(sizes.inspector).toBe(PANEL_BOUNDS.inspector.max);
    expect(panels.sidebar).toBe(true);
    expect(cameras).toEqual({});
    sessionStorage.setItem('soma.view', 'not JSON');
    expect(createViewStore(sessionStorage).getState().theme).toBe('system');
    sessionStorage.clear();
  });
});
