import type { Recording } from '@soma/schemas/contract';
import {
  type DomainEvent,
  delegate,
  fault,
  isRunEvent,
  type RecordedRunEvent,
  type RunEvent,
  type Scope,
} from '@soma/schemas/event';
import { evolve, type RunState } from '@soma/schemas/run';
import { decide, isWorking, type RunCommand } from '../domain/decide.ts';
import type { CommitResult, Lease } from '../port/index.ts';
import type { EngineParts } from './parts.ts';
import { readRun, runStream } from './read-run.ts';

/** Milliseconds between two tries to write while the disk is full. */
const FULL_DISK_RETRY_MS = 5000;

export interface CommandMeta {
  /** Minted by the caller; the ids of the events derive from it, so a resent command is recognised. */
  readonly id: string;
  readonly scope: Scope;
}

/** The one writer of a run: holds its lease and its folded state, and commits one thing at a time. */
export interface RunWriter {
  readonly lease: Lease;
  state(): RunState;
  /** Commits facts of the work under way. False when the run is not working any more, and then nothing was written. */
  record(events: readonly RunEvent[], scope?: Scope): Promise<boolean>;
  command(command: RunCommand, meta: CommandMeta): Promise<Recording>;
  /** Waits for the commit under way and gives up the lease. */
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly parts: EngineParts;
  readonly lease: Lease;
  readonly run: string;
  readonly state: RunState | null;
  readonly signal: AbortSignal;
  readonly onChange: () => void;
  /** Another process holds the run now: stop before any effect. */
  readonly onLost: () => void;
}

/** `state` is null for a run that is about to be submitted. */
export function createRunWriter(options: WriterOptions): RunWriter {
  const { parts, lease, run, signal } = options;
  let current = options.state;
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const next = queue.then(work, work);
    queue = next.catch(() => undefined);
    return next;
  }

  function known(): RunState {
    if (current === null) throw new Error('the run has not been submitted');
    return current;
  }

  async function commit(
    events: readonly DomainEvent[],
    scope: Scope,
    idOf: (index: number) => string,
  ): Promise<CommitResult> {
    const time = parts.clock.now();
    const stamped = events.map((event, index) => ({ ...event, id: idOf(index), time }));
    const append = { stream: runStream(run), expected: current?.sequence ?? 0, events: stamped };
    const result = await parts.store.commit({ scope, appends: [append], fence: lease.fence });
    if (result.ok) for (const event of result.events) if (isRunEvent(event)) current = evolve(current, event);
    if (result.ok) options.onChange();
    else if ('conflict' in result || result.fault.code === 'LEASE_LOST') options.onLost();
    return result;
  }

  async function recordNow(events: readonly RunEvent[], scope: Scope): Promise<boolean> {
    for (let troubled = false; ; troubled = true) {
      if (signal.aborted || !isWorking(known())) return false;
      const result = await commit(events, scope, () => parts.ids.next());
      if (troubled && result.ok) parts.onTrouble(null);
      if (result.ok) return true;
      if ('conflict' in result || result.fault.code !== 'DISK_FULL') return false;
      parts.onTrouble(result.fault);
      await parts.clock.sleep(FULL_DISK_RETRY_MS, signal).catch(() => undefined);
    }
  }

  async function commandNow(command: RunCommand, meta: CommandMeta): Promise<Recording> {
    const resent = await recorded(meta);
    if (resent !== null) return { ok: true, stream: runStream(run), sequence: resent.sequence };
    const decided = decide(current, command);
    if (!decided.ok) return decided;
    if (decided.events.length === 0) return { ok: true, stream: runStream(run), sequence: known().sequence };
    const result = await commit(decided.events, meta.scope, (index) => `${meta.id}.${index}`);
    if (result.ok) return { ok: true, stream: runStream(run), sequence: known().sequence };
    return { ok: false, fault: 'fault' in result ? result.fault : fault('LEASE_LOST') };
  }

  async function recorded(meta: CommandMeta): Promise<RecordedRunEvent | null> {
    if (current === null) return null;
    const events = await readRun(parts.store, meta.scope, { run });
    return events.find((event) => event.id === `${meta.id}.0`) ?? null;
  }

  return {
    lease,
    state: known,
    record: (events, scope) => inTurn(() => recordNow(events, scope ?? engineScope(known()))),
    command: (command, meta) => inTurn(() => commandNow(command, meta)),
    close: () => inTurn(() => lease.release()),
  };
}

/** The engine acts for whoever submitted the goal. */
export function engineScope(state: RunState): Scope {
  return delegate(state.scope, { kind: 'system', id: 'engine' }, `${runStream(state.id)}@${state.sequence}`);
}
