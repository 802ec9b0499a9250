import type { Recording } from '@soma/schemas/contract';
import type { EndState, Note, RunEvent } from '@soma/schemas/event';
import type { RunState } from '@soma/schemas/run';
import { isWorking, type RunCommand } from '../domain/decide.ts';
import { type Due, due } from '../domain/due.ts';
import type { Lease } from '../port/index.ts';
import { runAttempt } from './attempt.ts';
import { createMemo, templateOf } from './memo.ts';
import type { EngineParts } from './parts.ts';
import { approvePlan, proposePlan } from './planning.ts';
import { internalFault } from './step.ts';
import { type CommandMeta, createRunWriter, type RunWriter } from './writer.ts';

/** A run with its lease held by this process, and the loop that works on it. */
export interface LiveRun {
  readonly id: string;
  isWorking(): boolean;
  command(command: RunCommand, meta: CommandMeta): Promise<Recording>;
  /** `closing` records a pause; `hand-over` leaves the run as it is for the next host. Both let go of the lease. */
  close(reason: 'closing' | 'hand-over', meta: CommandMeta): Promise<void>;
}

export interface LiveRunOptions {
  readonly parts: EngineParts;
  readonly lease: Lease;
  readonly leaseMs: number;
  readonly run: string;
  readonly state: RunState | null;
  /** The run needs no writer any more, or another process has it. */
  readonly onOver: () => void;
}

export function createLiveRun(options: LiveRunOptions): LiveRun {
  const { parts, run } = options;
  const memo = createMemo(parts);
  const busy = new Map<string, Promise<void>>();
  const over = new AbortController();
  let work = new AbortController();
  let submitted = options.state !== null;
  let finishing: Promise<void> | null = null;
  let leaving: Promise<void> | null = null;

  const writer: RunWriter = createRunWriter({
    parts,
    lease: options.lease,
    run,
    state: options.state,
    signal: over.signal,
    onChange: () => {
      submitted = true;
      onChange();
    },
    onLost: lost,
  });

  function onChange(): void {
    if (isWorking(writer.state())) {
      if (work.signal.aborted) work = new AbortController();
      pump();
      return;
    }
    work.abort();
    if (writer.state().status.name === 'ended') finishing ??= finish();
  }

  function lost(): void {
    work.abort();
    over.abort();
    options.onOver();
  }

  /** Starts everything that is due. Called after every commit and whenever work ends; calling it twice does nothing more. */
  function pump(): void {
    if (over.signal.aborted || work.signal.aborted) return;
    const context = { now: parts.clock.now(), busy: new Set(busy.keys()), limit: parts.parallelTasks };
    for (const item of due(writer.state(), context)) start(item);
  }

  function start(item: Due): void {
    const name = 'task' in item ? item.task : item.type === 'wait' ? 'wait' : 'plan';
    if (busy.has(name)) return;
    const signal = work.signal;
    const done = perform(item, signal)
      .catch((error: unknown) => giveUp(internalFault(error)))
      .finally(() => {
        busy.delete(name);
        pump();
      });
    busy.set(name, done);
  }

  async function perform(item: Due, signal: AbortSignal): Promise<void> {
    switch (item.type) {
      case 'propose-plan':
        return proposePlan({ parts, writer, signal });
      case 'approve-plan':
        return approvePlan({ parts, writer, signal });
      case 'start-attempt': {
        const key = `${run}.${item.task}.${item.attempt}`;
        const started: RunEvent = {
          type: 'task.started',
          data: { task: item.task, attempt: item.attempt, key },
        };
        if (await writer.record([started])) await attempt(item.task, signal);
        return;
      }
      case 'continue-attempt':
        return attempt(item.task, signal);
      case 'skip-task': {
        const note: Note = { code: 'input-missing', data: { task: item.because } };
        await writer.record([{ type: 'task.skipped', data: { task: item.task, note } }]);
        return;
      }
      case 'wait': {
        const ms = Math.max(1, Date.parse(item.until) - Date.parse(parts.clock.now()));
        await parts.clock.sleep(ms, signal).catch(() => undefined);
        return;
      }
      case 'end':
        return end(item.state, item.note);
      default:
        return item satisfies never;
    }
  }

  async function attempt(task: string, signal: AbortSignal): Promise<void> {
    const template = await templateOf(memo, writer.state(), task);
    await runAttempt({ parts, writer, signal, task, template, memo });
  }

  async function end(state: EndState, note: Note): Promise<void> {
    await writer.record([{ type: 'run.ended', data: { state, note, fault: null } }]);
  }

  /** A fault of the product itself ends the run rather than repeating for ever. */
  async function giveUp(problem: ReturnType<typeof internalFault>): Promise<void> {
    const note: Note = { code: 'product-fault', data: {} };
    await writer
      .record([{ type: 'run.ended', data: { state: 'failed', note, fault: problem } }])
      .catch(() => false);
  }

  async function finish(): Promise<void> {
    const { status } = writer.state();
    if (status.name === 'ended')
      await parts.board.caption(writer.state(), status.state).catch(() => undefined);
    await leave();
  }

  function leave(): Promise<void> {
    leaving ??= letGo();
    return leaving;
  }

  async function letGo(): Promise<void> {
    over.abort();
    work.abort();
    await Promise.allSettled(busy.values());
    await writer.close();
    options.onOver();
  }

  /** A renewal that throws (a full disk, for one) is tried again while the lease still stands. */
  async function renew(): Promise<void> {
    let renewedAt = parts.clock.monotonicMs();
    while (!over.signal.aborted) {
      await parts.clock.sleep(options.leaseMs / 3, over.signal).catch(() => undefined);
      if (over.signal.aborted) return;
      const renewed = await options.lease.renew().catch(() => null);
      const now = parts.clock.monotonicMs();
      if (renewed === true) renewedAt = now;
      if (renewed === false || now - renewedAt >= options.leaseMs) lost();
    }
  }

  void renew();
  if (submitted) onChange();

  return {
    id: run,
    isWorking: () => submitted && isWorking(writer.state()),
    command: (command, meta) => writer.command(command, meta),
    close: async (reason, meta) => {
      if (reason === 'closing' && submitted)
        await writer.command({ type: 'pause', reason, fault: null }, meta);
      await (finishing ?? leave());
    },
  };
}
