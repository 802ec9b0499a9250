import type { Recording } from '@soma/schemas/contract';
import { delegate, type EventData, fault, type Scope } from '@soma/schemas/event';
import { fold } from '@soma/schemas/run';
import type { RunCommand } from '../domain/decide.ts';
import { createLiveRun, type LiveRun } from './live-run.ts';
import type { EngineParts } from './parts.ts';
import { readRun, runStream } from './read-run.ts';
import type { CommandMeta } from './writer.ts';

/** How long, in milliseconds, a lease is good for without being renewed. */
const LEASE_MS = 15_000;

/** Runs goals. It knows no transport and no window; everything it does is in the log before it is done. */
export interface Engine {
  submit(goal: EventData<'goal.submitted'>, meta: CommandMeta): Promise<Recording>;
  command(run: string, command: RunCommand, meta: CommandMeta): Promise<Recording>;
  /**
   * Takes up the runs without a living writer: those named in `handedOver` go on without asking, the others are recorded as
   * interrupted and wait for a person. Answers how many were found.
   */
  adopt(handedOver: readonly string[]): Promise<number>;
  hasActiveRuns(): boolean;
  /** Stops starting anything, waits for the commits under way, and gives up all leases. Answers the runs that were at work. */
  close(reason: 'closing' | 'hand-over'): Promise<readonly string[]>;
}

export function createEngine(parts: EngineParts): Engine {
  const live = new Map<string, LiveRun>();
  const opening = new Map<string, Promise<LiveRun | null>>();
  let closed = false;

  async function openNow(run: string): Promise<LiveRun | null> {
    const { scope, holder, soleWriter: seize } = parts;
    const lease = await parts.store.lease({ scope, stream: runStream(run), holder, ttlMs: LEASE_MS, seize });
    if (lease === null) return null;
    const opened = createLiveRun({
      parts,
      lease,
      leaseMs: LEASE_MS,
      run,
      state: fold(await readRun(parts.store, scope, { run })),
      onOver: () => live.delete(run),
    });
    live.set(run, opened);
    return opened;
  }

  /** The run with its lease held here; null while another process holds it. */
  async function open(run: string): Promise<LiveRun | null> {
    const known = live.get(run);
    if (known !== undefined) return known;
    const pending = opening.get(run) ?? openNow(run).finally(() => opening.delete(run));
    opening.set(run, pending);
    return pending;
  }

  async function command(run: string, asked: RunCommand, meta: CommandMeta): Promise<Recording> {
    if (closed) return { ok: false, fault: fault('HOST_LEAVING') };
    const opened = await open(run);
    if (opened === null) return { ok: false, fault: fault('LEASE_LOST', { run }, { when: 'now' }) };
    return opened.command(asked, meta);
  }

  async function adoptOne(run: string, handedOver: boolean): Promise<boolean> {
    const scope = delegate(parts.scope, { kind: 'system', id: 'engine' }, `adopt.${parts.holder}`);
    const asked: RunCommand = handedOver
      ? { type: 'resume', approve: null, handedOver }
      : { type: 'interrupt' };
    const answer = await command(run, asked, { id: `adopt.${parts.holder}.${run}`, scope });
    return answer.ok;
  }

  async function adopt(handedOver: readonly string[]): Promise<number> {
    let found = 0;
    for (let cursor: string | null = null; ; ) {
      const page = await parts.runs.page({ scope: parts.scope, cursor, limit: 100, only: 'active' });
      for (const { run } of page.runs) if (await adoptOne(run, handedOver.includes(run))) found += 1;
      if (page.cursor === null) return found;
      cursor = page.cursor;
    }
  }

  return {
    submit: (goal, meta) => command(goal.run, { type: 'submit', goal }, meta),
    command,
    adopt,
    hasActiveRuns: () => [...live.values()].some((run) => run.isWorking()),
    close: async (reason) => {
      closed = true;
      await Promise.all(opening.values());
      const runs = [...live.values()];
      const working = runs.filter((run) => run.isWorking()).map((run) => run.id);
      const scope: Scope = delegate(
        parts.scope,
        { kind: 'system', id: 'engine' },
        `${reason}.${parts.holder}`,
      );
      await Promise.all(
        runs.map((run) => run.close(reason, { id: `${reason}.${parts.holder}.${run.id}`, scope })),
      );
      return working;
    },
  };
}
