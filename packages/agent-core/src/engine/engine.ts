import type { Recording } from '@soma/schemas/contract';
import { delegate, EndState, type EventData, fault, runStream } from '@soma/schemas/event';
import type { RunCommand } from '../domain/decide.ts';
import { LiveRun, type Over } from './live-run.ts';
import type { EngineParts } from './parts.ts';
import { openRun } from './read-run.ts';
import type { CommandMeta } from './writer.ts';

/** How long, in milliseconds, a lease is good for without being renewed. */
const LEASE_MS = 15_000;
/** How long, in milliseconds, until a run that could not be taken up is tried again. */
const TAKE_AGAIN_MS = 5000;
/** Of so many of the newest runs, one may have ended in the moment in which the last process died. */
const RECENT = 100;

/** Runs goals. It knows no transport and no window; everything it does is in the log before it is done. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #live = new Map<string, LiveRun>();
  readonly #opening = new Map<string, Promise<LiveRun | null>>();
  readonly #closing = new AbortController();
  #closed = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  submit(goal: EventData<'goal.submitted'>, meta: CommandMeta): Promise<Recording> {
    return this.command(goal.run, { type: 'submit', goal }, meta);
  }

  async command(run: string, command: RunCommand, meta: CommandMeta): Promise<Recording> {
    if (this.#closed) return { ok: false, fault: fault('HOST_LEAVING') };
    const opened = await this.#open(run);
    if (opened === null) return { ok: false, fault: fault('LEASE_LOST', { run }, { when: 'now' }) };
    try {
      return await opened.command(command, meta);
    } finally {
      // Not before: what it was opened for may be that nothing of it goes on.
      opened.begin();
    }
  }

  /**
   * Takes up the runs without a living writer: those named in `handedOver` go on without asking, the others are recorded as
   * interrupted and wait for a person. Answers how many were found.
   */
  async adopt(handedOver: readonly string[]): Promise<number> {
    const { runs, scope } = this.#parts;
    void this.#captionEnded().catch(() => undefined);
    let found = 0;
    for (let cursor: string | null = null; ; ) {
      const page = await runs.page({ scope, cursor, limit: 100, only: 'active' });
      for (const { run, parent, endings } of page.runs) {
        // What has ended before is waited for no more: a person took it up again.
        const waiting = endings === 0 ? (parent?.run ?? null) : null;
        const adopt = () => this.#adopt(run, handedOver.includes(run), waiting);
        const adopted = await adopt().catch(() => null);
        if (adopted === null) void this.#later(async () => adopt().then(() => true));
        if (adopted !== false) found += 1;
      }
      if (page.cursor === null) return found;
      cursor = page.cursor;
    }
  }

  hasActiveRuns(): boolean {
    return [...this.#live.values()].some((run) => run.isWorking());
  }

  /** Stops starting anything, waits for the commits under way, and gives up all leases. Answers the runs that were at work. */
  async close(reason: 'closing' | 'hand-over'): Promise<readonly string[]> {
    this.#closed = true;
    this.#closing.abort();
    await Promise.all(this.#opening.values());
    const runs = [...this.#live.values()];
    const working = runs.filter((run) => run.isWorking()).map((run) => run.id);
    await Promise.all(runs.map((run) => run.close(reason, this.#ownCommand(reason, run.id))));
    return working;
  }

  /**
   * Writes the captions that a process which died between a run's end and its caption left out. One that is there stays as it is. Of what
   * cannot be written now, the next start takes care.
   */
  async #captionEnded(): Promise<void> {
    const { runs, scope, board } = this.#parts;
    const page = await runs.page({ scope, cursor: null, limit: RECENT, only: 'all' });
    for (const { run: id, canvas, goal, phase, endings } of page.runs) {
      const end = EndState.safeParse(phase);
      if (this.#closed || !end.success) continue;
      await board
        .caption({ id, scope, canvas, goal: { inline: goal }, endings }, end.data)
        .catch(() => undefined);
    }
  }

  async #adopt(run: string, handedOver: boolean, waiting: string | null): Promise<boolean> {
    const { runs, scope } = this.#parts;
    const parent = waiting === null ? null : await runs.get(scope, waiting);
    const goOn: RunCommand = handedOver
      ? { type: 'resume', approve: null, handedOver }
      : { type: 'interrupt' };
    const isOver = parent !== null && parent.endedAt !== null;
    const command: RunCommand = isOver ? { type: 'stop', parent: parent.run } : goOn;
    return (await this.command(run, command, this.#ownCommand('adopt', run))).ok;
  }

  /** What cannot be taken up now keeps no other run from it, and is tried again while this process lives. */
  async #later(take: () => Promise<boolean>): Promise<void> {
    for (let taken = false; !taken; ) {
      await this.#parts.clock.sleep(TAKE_AGAIN_MS, this.#closing.signal).catch(() => undefined);
      if (this.#closed) return;
      taken = await take().catch(() => false);
    }
  }

  /** A command of the engine's own, the same whenever this process sends it. */
  #ownCommand(what: string, run: string): CommandMeta {
    const { scope, holder } = this.#parts;
    const cause = `${what}.${holder}`;
    return { id: `${cause}.${run}`, scope: delegate(scope, { kind: 'system', id: 'engine' }, cause) };
  }

  /** The run with its lease held here; null while another process holds it. */
  async #open(run: string): Promise<LiveRun | null> {
    const known = this.#live.get(run);
    if (known !== undefined && known.leaving() === null) return known;
    const pending = this.#opening.get(run) ?? this.#openNow(run).finally(() => this.#opening.delete(run));
    this.#opening.set(run, pending);
    return pending;
  }

  async #openNow(run: string): Promise<LiveRun | null> {
    const parts = this.#parts;
    const { scope, holder, soleWriter: seize } = parts;
    // Whoever comes while the run is being let go takes it up again afterwards, unless it was taken up before it was gone.
    await this.#live.get(run)?.leaving();
    const kept = this.#live.get(run);
    if (kept !== undefined && kept.leaving() === null) return kept;
    const lease = await parts.store.lease({ scope, stream: runStream(run), holder, ttlMs: LEASE_MS, seize });
    if (lease === null) return null;
    const now = await openRun(parts, scope, run);
    const onOver = (over: Over) => {
      if (this.#live.get(run) === opened) this.#live.delete(run);
      if (over === 'lapsed') void this.#later(() => this.#takeUp(run));
      if (over === 'taken-up') void this.#takeUp(run).catch(() => this.#later(() => this.#takeUp(run)));
    };
    const opened = new LiveRun({
      parts,
      lease,
      leaseMs: LEASE_MS,
      run,
      ...now,
      onOver,
    });
    this.#live.set(run, opened);
    opened.keep();
    return opened;
  }

  async #takeUp(run: string): Promise<boolean> {
    if (this.#closed) return true;
    const opened = await this.#open(run);
    opened?.begin();
    return opened !== null;
  }
}
