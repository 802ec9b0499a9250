import type { Recording } from '@soma/schemas/contract';
import { type EventData, FaultError, type Note, type RunEvent, STEP_NAMES } from '@soma/schemas/event';
import type { RunState } from '@soma/schemas/run';
import { isWorking, type RunCommand } from '../domain/decide.ts';
import { type Due, due, waitName } from '../domain/due.ts';
import { isRevisionAsked } from '../domain/revise.ts';
import type { Lease } from '../port/index.ts';
import { abandonCalls } from './abandon.ts';
import { runAttempt } from './attempt.ts';
import { compensate } from './compensate.ts';
import { createMemo, type RunMemo, templateOf } from './memo.ts';
import type { EngineParts } from './parts.ts';
import { approvePlan, proposePlan } from './planning.ts';
import { revise } from './revise.ts';
import { internalFault } from './step.ts';
import { SKIPPED } from './step-result.ts';
import { type CommandMeta, RunWriter } from './writer.ts';

/** After so many milliseconds a wait looks at the clock again, which may have been set meanwhile. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Why this process works no more on a run: it needs no writer, or another process has it (`let-go`); its lease could not be kept
 * (`lapsed`); it had ended, and a command that was waiting took it up again while it was let go (`taken-up`).
 */
export type Over = 'let-go' | 'lapsed' | 'taken-up';

export interface LiveRunOptions {
  readonly parts: EngineParts;
  readonly lease: Lease;
  readonly leaseMs: number;
  readonly run: string;
  readonly state: RunState | null;
  /** As `commandsIn` answers it, of the events that `state` is the fold of. */
  readonly commands: Map<string, number>;
  /** The event behind which the newest segment of its log begins. */
  readonly segment: number;
  readonly onOver: (over: Over) => void;
}

/** A run with its lease held by this process, and the loop that works on it. */
export class LiveRun {
  readonly id: string;
  readonly #options: LiveRunOptions;
  readonly #writer: RunWriter;
  readonly #memo: RunMemo;
  readonly #busy = new Map<string, Promise<void>>();
  /** Aborts when this process has nothing more to do with the run. */
  readonly #over = new AbortController();
  /** Abort the attempt of one task each, which a person left out while it was under way. */
  readonly #attempts = new Map<string, AbortController>();
  /** Aborts the work under way when the run is paused or ends; a resumed run gets a new one. */
  #work = new AbortController();
  /** When each wait ends, by the clock that nobody sets, and which have. */
  readonly #waits = new Map<string, number>();
  readonly #passed = new Set<string>();
  #submitted: boolean;
  #finishing: Promise<void> | null = null;
  #leaving: Promise<void> | null = null;

  constructor(options: LiveRunOptions) {
    const { parts, lease, run, state, commands, segment } = options;
    this.id = run;
    this.#options = options;
    this.#memo = createMemo(parts);
    this.#submitted = state !== null;
    this.#writer = new RunWriter({
      ...{ parts, lease, run, state, commands, segment },
      signal: this.#over.signal,
      onChange: () => {
        this.#submitted = true;
        this.#react();
      },
      onLost: (over) => this.#lose(over),
    });
  }

  /** Keeps the lease. */
  keep(): void {
    void this.#renew();
  }

  /** Takes up what is due; doing it twice does nothing more. */
  begin(): void {
    // A run that has ended was opened for one command: it is let go after that.
    if (this.#submitted && this.#writer.state().status.name !== 'ended') this.#react();
  }

  /** Ends when this process has let go of the run; null while it has not begun to. */
  leaving(): Promise<void> | null {
    return this.#finishing ?? this.#leaving;
  }

  isWorking(): boolean {
    return this.#submitted && isWorking(this.#writer.state());
  }

  async command(command: RunCommand, meta: CommandMeta): Promise<Recording> {
    const recorded = await this.#writer.command(command, meta);
    if (recorded.ok && command.type === 'skip-task') this.#attempts.get(command.task)?.abort(SKIPPED);
    if (this.#submitted && this.#writer.state().status.name === 'ended') this.#finishing ??= this.#finish();
    return recorded;
  }

  /** `closing` records a pause; `hand-over` leaves the run as it is for the next host. Both let go of the lease. */
  async close(reason: 'closing' | 'hand-over', meta: CommandMeta): Promise<void> {
    if (reason === 'closing' && this.#submitted) {
      await this.#writer.command({ type: 'pause', reason, fault: null }, meta);
    }
    await this.#finishing;
    await this.#leave(reason);
  }

  #react(): void {
    if (isWorking(this.#writer.state())) {
      if (this.#work.signal.aborted) this.#work = new AbortController();
      this.#pump();
      return;
    }
    this.#work.abort();
    if (this.#writer.state().status.name === 'ended') this.#finishing ??= this.#finish();
  }

  /** Whoever has the run now finds what goes on by itself. */
  #lose(over: 'let-go' | 'lapsed'): void {
    if (this.#over.signal.aborted) return;
    this.#work.abort('hand-over');
    this.#over.abort();
    this.#options.onOver(over);
  }

  /** Starts everything that is due. Called after every commit and whenever work ends; calling it twice does nothing more. */
  #pump(): void {
    if (this.#over.signal.aborted || this.#work.signal.aborted) return;
    const { clock, parallelTasks: limit } = this.#options.parts;
    const context = { now: clock.now(), busy: new Set(this.#busy.keys()), limit, passed: this.#passed };
    for (const item of due(this.#writer.state(), context)) this.#start(item);
  }

  #start(item: Due): void {
    const name = 'task' in item ? item.task : item.type === 'wait' ? waitName(item.until) : 'plan';
    if (this.#busy.has(name)) return;
    const done = this.#perform(item, this.#work.signal)
      .catch((error: unknown) => this.#giveUp(error))
      .finally(() => {
        this.#busy.delete(name);
        this.#pump();
      });
    this.#busy.set(name, done);
  }

  async #perform(item: Due, signal: AbortSignal): Promise<void> {
    const { parts } = this.#options;
    const writer = this.#writer;
    switch (item.type) {
      case 'propose-plan':
        return proposePlan({ parts, writer, signal });
      case 'approve-plan':
        return approvePlan({ parts, writer, signal });
      case 'start-attempt': {
        const { task, attempt } = item;
        const key = `${this.id}.${task}.${attempt}`;
        const withdrawn = withdrawnBy(writer.state(), task);
        const begun: RunEvent[] = [
          { type: 'task.started', data: { task, attempt, key, ...withdrawn } },
          { type: 'step.started', data: { task, attempt, step: STEP_NAMES[0] } },
        ];
        const started = await writer.record(begun, (now) => !isRevisionAsked(now));
        return started ? this.#attempt(task, signal) : undefined;
      }
      case 'continue-attempt':
        return this.#attempt(item.task, signal);
      case 'compensate':
        return compensate(item, { parts, writer, signal });
      case 'revise':
        return revise(item.task, { parts, writer, signal, memo: this.#memo });
      case 'skip-task': {
        const note: Note = { code: 'input-missing', data: { task: item.because } };
        await writer.record([{ type: 'task.skipped', data: { task: item.task, note } }]);
        return;
      }
      case 'wait':
        return this.#wait(item.until, signal);
      case 'end': {
        const { state, note } = item;
        await writer.record([{ type: 'run.ended', data: { state, note, fault: null } }]);
        return;
      }
      default:
        return item satisfies never;
    }
  }

  /** However the clock is set meanwhile, a wait takes no longer than it seemed to at first. */
  async #wait(until: string, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.parts;
    const began = clock.monotonicMs();
    const ms = Math.max(1, Date.parse(until) - Date.parse(clock.now()));
    const end = this.#waits.get(until) ?? began + ms;
    this.#waits.set(until, end);
    await clock.sleep(Math.max(1, Math.min(LONGEST_WAIT_MS, ms, end - began)), signal).catch(() => undefined);
    if (clock.monotonicMs() >= end) this.#passed.add(until);
  }

  async #attempt(task: string, signal: AbortSignal): Promise<void> {
    const writer = this.#writer;
    const memo = this.#memo;
    const template = await templateOf(memo, writer.state(), task);
    const own = new AbortController();
    this.#attempts.set(task, own);
    const either = AbortSignal.any([signal, own.signal]);
    await runAttempt({ parts: this.#options.parts, writer, signal: either, task, template, memo });
  }

  /** What is known to have happened (a full disk, a damaged board) pauses the run; a fault of the product itself ends it. */
  async #giveUp(error: unknown): Promise<void> {
    await this.#writer.record([givenUp(error)]).catch(() => false);
  }

  async #finish(): Promise<void> {
    const state = this.#writer.state();
    const { board } = this.#options.parts;
    if (state.status.name === 'ended') await board.caption(state, state.status.state).catch(() => undefined);
    // A command that stood behind the one that ended it may have taken it up again.
    if (this.isWorking()) this.#finishing = null;
    else await this.#leave();
  }

  #leave(reason?: 'closing' | 'hand-over'): Promise<void> {
    this.#leaving ??= this.#letGo(reason);
    return this.#leaving;
  }

  async #letGo(reason?: 'closing' | 'hand-over'): Promise<void> {
    this.#over.abort();
    this.#work.abort(reason);
    await Promise.allSettled(this.#busy.values());
    await this.#clear();
    // A lease that cannot be given back runs out by itself.
    await this.#writer.close().catch(() => undefined);
    this.#options.onOver(reason === undefined && this.isWorking() ? 'taken-up' : 'let-go');
  }

  /** A run that ended here leaves nothing at work; one that was opened after its end did so then. */
  async #clear(): Promise<void> {
    const { parts, state } = this.#options;
    const writer = this.#writer;
    if (!this.#submitted || state?.status.name === 'ended' || writer.state().status.name !== 'ended') return;
    await abandonCalls({ parts, writer, signal: new AbortController().signal });
  }

  /** A renewal that throws (a full disk, for one) is tried again while the lease still stands. */
  async #renew(): Promise<void> {
    const { parts, lease, leaseMs } = this.#options;
    let renewedAt = parts.clock.monotonicMs();
    while (!this.#over.signal.aborted) {
      await parts.clock.sleep(leaseMs / 3, this.#over.signal).catch(() => undefined);
      if (this.#over.signal.aborted) return;
      const renewed = await lease.renew().catch(() => null);
      const now = parts.clock.monotonicMs();
      if (renewed === true) renewedAt = now;
      if (renewed === false) this.#lose('let-go');
      else if (now - renewedAt >= leaseMs) this.#lose('lapsed');
    }
  }
}

/** What the attempt before had counted for, and counts for no more. */
function withdrawnBy({ tasks }: RunState, id: string): Pick<EventData<'task.started'>, 'withdrawn'> {
  const evidence = tasks.find((task) => task.id === id)?.evidence ?? [];
  if (evidence.length === 0) return {};
  const checked = evidence.filter(({ verdict }) => verdict.checked).length;
  return { withdrawn: { claims: evidence.length, checked } };
}

function givenUp(error: unknown): RunEvent {
  if (error instanceof FaultError && error.fault.code !== 'INTERNAL')
    return { type: 'run.paused', data: { reason: 'fault', fault: error.fault } };
  const note: Note = { code: 'product-fault', data: {} };
  return { type: 'run.ended', data: { state: 'failed', note, fault: internalFault(error) } };
}
