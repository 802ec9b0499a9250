import type { Recording } from '@soma/schemas/contract';
import {
  type DomainEvent,
  delegate,
  type Fault,
  FaultError,
  fault,
  inRun,
  type RecordedRunEvent,
  type RunEvent,
  runStream,
  type Scope,
} from '@soma/schemas/event';
import { evolve, type RunState } from '@soma/schemas/run';
import { decide, isWorking, type RunCommand } from '../domain/decide.ts';
import { durablyAsync } from '../failpoint/index.ts';
import type { Commit, CommitResult, Lease, NewEvent } from '../port/index.ts';
import type { EngineParts } from './parts.ts';
import { commandsIn, readRun, segmentsOf } from './read-run.ts';
import { layOut } from './segment.ts';

/** Milliseconds between two tries to write while the disk is full. */
const FULL_DISK_RETRY_MS = 5000;

/** How often a commit of which no answer comes is tried at once. */
const MOST_TRIES = 3;

export interface CommandMeta {
  /** Minted by the caller; the ids of the events derive from it, so a resent command is recognised. */
  readonly id: string;
  readonly scope: Scope;
}

export interface WriterOptions {
  readonly parts: EngineParts;
  readonly lease: Lease;
  readonly run: string;
  /** Null for a run that is about to be submitted. */
  readonly state: RunState | null;
  /** As `commandsIn` answers it, of the events that `state` is the fold of. */
  readonly commands: Map<string, number>;
  /** The event behind which the newest segment of its log begins. */
  readonly segment: number;
  readonly signal: AbortSignal;
  readonly onChange: () => void;
  /** Stop before any effect: another process holds the run now, or, `lapsed`, this one does not know it any more. */
  readonly onLost: (over: 'let-go' | 'lapsed') => void;
}

/** The one writer of a run: holds its lease and its folded state, and commits one thing at a time. */
export class RunWriter {
  readonly lease: Lease;
  readonly #options: WriterOptions;
  #state: RunState | null;
  #segment: number;
  #queue: Promise<unknown> = Promise.resolve();
  /** How often the run has ceased to work. */
  #stops = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#segment = options.segment;
    this.lease = options.lease;
  }

  state(): RunState {
    if (this.#state === null) throw new Error('the run has not been submitted');
    return this.#state;
  }

  /**
   * Commits facts of the work under way. False when the run is not working any more, and then nothing was written. While the disk is full
   * it is tried again and again; between two tries it is others' turn, so that a command is refused at once and none waits. Where `stands`
   * says no of the state in its turn, nothing is written either.
   */
  async record(
    events: readonly RunEvent[],
    stands: (state: RunState) => boolean = () => true,
  ): Promise<boolean> {
    const { parts, signal } = this.#options;
    // The same facts under the same ids however often they are tried: one that was written, though nobody heard of it, is known again.
    const ids = events.map(() => parts.ids.next());
    const facts = { events, idOf: (index: number) => ids[index] ?? parts.ids.next() };
    for (let stops: number | null = null; ; stops ??= this.#stops) {
      const done = await this.#inTurn(async () => stands(this.state()) && this.#record(facts, stops));
      if (done !== 'full') return done;
      await parts.clock.sleep(FULL_DISK_RETRY_MS, signal).catch(() => undefined);
    }
  }

  command(command: RunCommand, meta: CommandMeta): Promise<Recording> {
    return this.#inTurn(() => this.#command(command, meta));
  }

  /** Waits for the commit under way and gives up the lease. */
  close(): Promise<void> {
    return this.#inTurn(() => this.lease.release());
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const next = this.#queue.then(work, work);
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /** `stops`: how often the run had stopped when it was tried before; null the first time. */
  async #record({ events, idOf }: Facts, stops: number | null): Promise<boolean | 'full'> {
    const { parts, signal } = this.#options;
    const wasStopped = stops !== null && stops !== this.#stops;
    if (signal.aborted || wasStopped || !isWorking(this.state())) return false;
    const result = await this.#commit({ events, idOf }, engineScope(this.state()));
    if (result.ok) {
      if (stops !== null) parts.onTrouble(null);
      return true;
    }
    if ('conflict' in result || result.fault.code === 'LEASE_LOST') return false;
    // What is wrong with the facts themselves does not pass; trying them again and again would keep the run at work for ever.
    if (['INVALID_INPUT', 'ID_REUSED'].includes(result.fault.code))
      throw new FaultError('INTERNAL', { cause: result.fault.code });
    parts.onTrouble(result.fault);
    return 'full';
  }

  async #command(command: RunCommand, meta: CommandMeta): Promise<Recording> {
    const stream = runStream(this.#options.run);
    const resent = this.#options.commands.get(`${meta.id}.0`);
    if (resent !== undefined) return { ok: true, stream, sequence: resent };
    const decided = decide(this.#state, command);
    if (!decided.ok) return decided;
    if (decided.events.length === 0) return { ok: true, stream, sequence: this.state().sequence };
    const idOf = (index: number) => `${meta.id}.${index}`;
    const result = await this.#commit({ events: decided.events, idOf }, meta.scope);
    if (result.ok) return { ok: true, stream, sequence: this.state().sequence };
    // Nobody sends it again as facts of the work are: the run is read anew before anything of it goes on.
    if ('unheard' in result) this.#options.onLost('lapsed');
    return { ok: false, fault: 'fault' in result ? result.fault : fault('LEASE_LOST') };
  }

  async #commit({ events, idOf }: Facts, scope: Scope): Promise<CommitResult | Unheard> {
    const { onChange, onLost } = this.#options;
    const time = this.#options.parts.clock.now();
    const stamped = events.map((event, index) => ({ time, ...event, id: idOf(index) }));
    const result = await this.#write(stamped, scope);
    if (result.ok) {
      this.#fold(result.events.map(inRun).filter((event) => event !== null));
      if (!isWorking(this.state())) this.#stops += 1;
      onChange();
    } else if ('conflict' in result || result.fault.code === 'LEASE_LOST') {
      onLost('let-go');
    }
    return result;
  }

  /** Writes into the newest segment of the run's log, or behind it where that is full. */
  async #write(events: readonly NewEvent[], scope: Scope): Promise<CommitResult | Unheard> {
    const { parts, run, commands } = this.#options;
    const head = { state: this.#state, commands, segment: this.#segment };
    try {
      const { appends, segment } = await layOut({ parts, scope, run, events, ...head });
      const commit = () => this.#surely({ scope, appends, fence: this.lease.fence });
      const result = await (segment === head.segment ? commit() : durablyAsync('segment.begin', commit));
      if (result.ok) this.#segment = segment;
      return result;
    } catch (error) {
      if (error instanceof FaultError) return { ok: false, fault: error.fault };
      throw error;
    }
  }

  /** Commits, and commits again where no answer came. Where none comes at all, what is there says whether it was written. */
  async #surely(commit: Commit): Promise<CommitResult | Unheard> {
    const { parts } = this.#options;
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await parts.store.commit(commit);
        if (result.ok || !('conflict' in result)) return result;
        // The lease stands, or that would have been the answer: what is there is of this writer.
        return (await this.#found(commit)) ?? { ok: false, fault: fault('INTERNAL', { cause: 'stale' }) };
      } catch (error) {
        if (tries < MOST_TRIES) continue;
        const cause = error instanceof Error ? error.name : 'unknown';
        const failed = { ok: false, fault: fault('INTERNAL', { cause }) } as const;
        return this.#found(commit).then(
          (found) => found ?? failed,
          () => ({ ...failed, unheard: true }) as const,
        );
      }
    }
  }

  /** Catches up with facts that this writer has not heard of. Null when those of the commit are not among them. */
  async #found({ scope, appends }: Commit): Promise<CommitResult | null> {
    const { parts, run } = this.#options;
    const read = { run, after: this.#state?.sequence ?? 0, segment: this.#segment };
    const missed = await readRun(parts.store, scope, read);
    const segments = await segmentsOf(parts.runs, scope, run);
    this.#segment = segments.at(-1) ?? 0;
    this.#fold(missed);
    const own = new Set(appends.flatMap(({ events }) => events.map(({ id }) => id)));
    return missed.some(({ id }) => own.has(id)) ? { ok: true, events: missed } : null;
  }

  #fold(events: readonly RecordedRunEvent[]): void {
    for (const event of events) this.#state = evolve(this.#state, event);
    for (const [id, sequence] of commandsIn(events)) this.#options.commands.set(id, sequence);
  }
}

/** Whether it was written, nobody could find out. */
interface Unheard {
  readonly ok: false;
  readonly fault: Fault;
  readonly unheard: true;
}

/** What is to be committed, with ids that stay the same. */
interface Facts {
  readonly events: readonly (DomainEvent & { readonly time?: string })[];
  readonly idOf: (index: number) => string;
}

/** The engine acts for whoever submitted the goal. */
export function engineScope(state: RunState): Scope {
  return delegate(state.scope, { kind: 'system', id: 'engine' }, `${runStream(state.id)}@${state.sequence}`);
}
