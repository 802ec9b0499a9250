import type { Clock, DocumentAddress, Hub, HubMember, MutateRequest } from '@soma/agent-core/port';
import type { ServedHub } from '@soma/agent-core/room';
import { type Fault, FaultError, fault } from '@soma/schemas/event';

/** One run of the hub's process or thread. */
export interface HubRun {
  readonly hub: ServedHub;
  /** What it found damaged and mended. */
  readonly told: readonly Fault[];
  /** Resolves when the process or thread has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it at once, even when it hangs; what was acknowledged is stored by then. */
  readonly end: () => void;
}

type FramePort = Parameters<Hub['connect']>[0];

type StartHub = (isRestart: boolean) => Promise<HubRun>;

export interface KeptHubOptions {
  readonly start: StartHub;
  readonly clock: Clock;
}

interface Window {
  readonly port: FramePort;
  readonly member: HubMember;
  disconnect: () => void;
}

/** Pauses before the hub is started again, in milliseconds, while it keeps ending at once. */
const PAUSES = [0, 500, 2000, 5000];
/** A hub that ran this long, in milliseconds, ended by bad luck and not because it cannot run. */
const RAN_WELL_MS = 30_000;

/** A hub nobody has asked anything yet is started after so many milliseconds: a window that opens needs the processor first. */
const UNASKED_MS = 1500;

/** The hub is asked this often, in milliseconds, whether it still takes its turns. */
const BEAT_MS = 5000;
/** After so many beats without any answer it is said that the hub does not answer, and after so many its process is ended. */
const TOLD_AFTER = 2;
const ENDED_AFTER = 6;
const SILENT = fault('HOST_UNREACHABLE', { part: 'hub' }, { when: 'now' });

/**
 * The hub, whatever happens to its process: it is started when it is first asked for; when it ends it is started again and every window is connected to it, which then
 * sends what it kept. What is asked meanwhile waits for the new one. A process that hangs is ended, which is counted in beats and not
 * by the clock: a computer that slept, or work that takes seconds, ends nothing.
 */
export class KeptHub implements Hub {
  readonly #start: StartHub;
  readonly #clock: Clock;
  readonly #windows = new Set<Window>();
  #current: Promise<HubRun> | null = null;
  #told: readonly Fault[] = [];
  #trouble: Fault | null = null;
  readonly #asked = new AbortController();
  #onFaults: () => void = () => undefined;
  #closing = false;
  #quickEnds = 0;

  constructor({ start, clock }: KeptHubOptions) {
    this.#start = start;
    this.#clock = clock;
    void clock.sleep(UNASKED_MS, this.#asked.signal).then(
      () => this.#running(),
      () => undefined,
    );
  }

  /** What every start so far found damaged and mended, and that the hub does not answer, while it does not. */
  faults(): readonly Fault[] {
    return this.#trouble === null ? this.#told : [...this.#told, this.#trouble];
  }

  /** Calls the listener whenever `faults` answers something else. */
  onFaults(listener: () => void): void {
    this.#onFaults = listener;
  }

  connect(port: FramePort, member: HubMember): () => void {
    const window: Window = { port, member, disconnect: () => undefined };
    this.#windows.add(window);
    // Whatever the window has to say it says again to the hub that joins it.
    if (this.#current === null) window.disconnect = port.onFrame(() => void this.#running());
    else void this.#current.then(({ hub }) => this.#join(window, hub));
    return () => {
      this.#windows.delete(window);
      window.disconnect();
    };
  }

  async mutate(request: MutateRequest) {
    return (await this.#running()).hub.mutate(request);
  }

  async probe(request: DocumentAddress & { readonly key: string }) {
    return (await this.#running()).hub.probe(request);
  }

  async undoAll(request: DocumentAddress & { readonly author: string; readonly redo?: boolean | undefined }) {
    return (await this.#running()).hub.undoAll(request);
  }

  async snapshot(request: DocumentAddress) {
    return (await this.#running()).hub.snapshot(request);
  }

  /** Stores what was sent, then ends the process. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#asked.abort();
    if (this.#current === null) return;
    const { hub, end, ended } = await this.#current;
    // A hub that died meanwhile has nothing more to store.
    await hub.close().catch(() => undefined);
    end();
    await ended;
  }

  /** The hub, started when it is first asked for, or soon after. */
  #running(): Promise<HubRun> {
    this.#asked.abort();
    this.#current ??= this.#begin(false);
    return this.#current;
  }

  #join(window: Window, hub: Hub): void {
    window.disconnect();
    if (this.#windows.has(window)) window.disconnect = hub.connect(window.port, window.member);
  }

  #watch(run: HubRun): void {
    const began = this.#clock.monotonicMs();
    const over = new AbortController();
    void this.#listen(run, over.signal);
    void run.ended.then(() => {
      over.abort();
      if (this.#closing) return;
      this.#quickEnds = this.#clock.monotonicMs() - began > RAN_WELL_MS ? 0 : this.#quickEnds + 1;
      this.#current = this.#begin(true);
    });
  }

  /** Asks for beats until the run is over, and ends it when none comes back. */
  async #listen({ hub, end }: HubRun, over: AbortSignal): Promise<void> {
    for (let missed = 0; missed < ENDED_AFTER; missed += 1) {
      hub.beat().then(
        () => {
          missed = -1;
          this.#say(null);
        },
        () => undefined,
      );
      await this.#clock.sleep(BEAT_MS, over).catch(() => undefined);
      if (over.aborted) return;
      if (missed + 1 === TOLD_AFTER) this.#say(SILENT);
    }
    end();
  }

  async #begin(isRestart: boolean): Promise<HubRun> {
    for (let again = isRestart; ; again = true) {
      const ms = PAUSES[Math.min(this.#quickEnds, PAUSES.length) - 1] ?? 0;
      await this.#clock.sleep(ms, new AbortController().signal);
      try {
        const run = await this.#start(again);
        this.#watch(run);
        this.#told = [...this.#told, ...run.told];
        if (run.told.length > 0) this.#onFaults();
        this.#say(null);
        for (const window of this.#windows) this.#join(window, run.hub);
        return run;
      } catch (error) {
        this.#quickEnds += 1;
        this.#say(error instanceof FaultError ? error.fault : SILENT);
      }
    }
  }

  #say(trouble: Fault | null): void {
    if (this.#trouble === trouble) return;
    this.#trouble = trouble;
    this.#onFaults();
  }
}
