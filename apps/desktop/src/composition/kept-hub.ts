import { setTimeout as pause } from 'node:timers/promises';
import type { DocumentAddress, Hub, HubMember, MutateRequest } from '@soma/agent-core/port';
import type { ClosableHub } from '@soma/agent-core/room';
import type { Fault } from '@soma/schemas/event';

/** One run of the hub's process or thread. */
export interface HubRun {
  readonly hub: ClosableHub;
  /** What it found damaged and mended. */
  readonly told: readonly Fault[];
  /** Resolves when the process or thread has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it at once; everything must be stored by then. */
  readonly end: () => void;
}

type FramePort = Parameters<Hub['connect']>[0];

interface Window {
  readonly port: FramePort;
  readonly member: HubMember;
  disconnect: () => void;
}

/** Pauses before the hub is started again, in milliseconds, while it keeps ending at once. */
const PAUSES = [0, 500, 2000, 5000];
/** A hub that ran this long, in milliseconds, ended by bad luck and not because it cannot run. */
const RAN_WELL_MS = 30_000;

/**
 * The hub, whatever happens to its process: when that ends it is started again and every window is connected to it, which then
 * sends what it kept. What is asked meanwhile waits for the new one.
 */
export class KeptHub implements Hub {
  readonly #start: (isRestart: boolean) => Promise<HubRun>;
  readonly #windows = new Set<Window>();
  #current: Promise<HubRun>;
  /** What the first start found damaged and mended. */
  readonly told: readonly Fault[];
  #closing = false;
  #quickEnds = 0;

  private constructor(start: (isRestart: boolean) => Promise<HubRun>, first: HubRun) {
    this.#start = start;
    this.told = first.told;
    this.#current = Promise.resolve(first);
    this.#watch(first);
  }

  /** Starts the hub. Throws what its first start throws. */
  static async open(start: (isRestart: boolean) => Promise<HubRun>): Promise<KeptHub> {
    return new KeptHub(start, await start(false));
  }

  connect(port: FramePort, member: HubMember): () => void {
    const window: Window = { port, member, disconnect: () => undefined };
    this.#windows.add(window);
    void this.#current.then(({ hub }) => this.#join(window, hub));
    return () => {
      this.#windows.delete(window);
      window.disconnect();
    };
  }

  async mutate(request: MutateRequest) {
    return (await this.#current).hub.mutate(request);
  }

  async probe(request: DocumentAddress & { readonly key: string }) {
    return (await this.#current).hub.probe(request);
  }

  async undoAll(request: DocumentAddress & { readonly author: string; readonly redo?: boolean | undefined }) {
    return (await this.#current).hub.undoAll(request);
  }

  async snapshot(request: DocumentAddress) {
    return (await this.#current).hub.snapshot(request);
  }

  /** Stores what was sent, then ends the process. */
  async close(): Promise<void> {
    this.#closing = true;
    const { hub, end, ended } = await this.#current;
    // A hub that died meanwhile has nothing more to store.
    await hub.close().catch(() => undefined);
    end();
    await ended;
  }

  #join(window: Window, hub: Hub): void {
    window.disconnect();
    if (this.#windows.has(window)) window.disconnect = hub.connect(window.port, window.member);
  }

  #watch(run: HubRun): void {
    const began = performance.now();
    void run.ended.then(() => {
      if (this.#closing) return;
      this.#quickEnds = performance.now() - began > RAN_WELL_MS ? 0 : this.#quickEnds + 1;
      this.#current = this.#restart();
    });
  }

  async #restart(): Promise<HubRun> {
    for (;;) {
      await pause(PAUSES[Math.min(this.#quickEnds, PAUSES.length) - 1] ?? 0);
      try {
        const run = await this.#start(true);
        this.#watch(run);
        for (const window of this.#windows) this.#join(window, run.hub);
        return run;
      } catch {
        this.#quickEnds += 1;
      }
    }
  }
}
