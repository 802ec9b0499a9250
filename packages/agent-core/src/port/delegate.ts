import type { Changes, CheckedClaim, EndState, Fault, Scope, Slots } from '@soma/schemas/event';
import type { RunPhase } from '@soma/schemas/run';

/** The call by which one run starts another and waits for it. The same key is the same run, however often it is started. */
export interface DelegatingCall {
  readonly scope: Scope;
  /** The run that waits, and its call. */
  readonly run: string;
  readonly call: string;
  readonly key: string;
}

/** What is to be done. `goal` is null where the plan says it all; `folder` is absolute, resolved and lies inside the waiting run's. */
export interface DelegatedGoal extends DelegatingCall {
  readonly goal: string | null;
  readonly plan: string | null;
  readonly slots: Slots;
  readonly folder: string;
}

/** What a run that has ended came to. */
export interface DelegatedEnd {
  readonly run: string;
  readonly state: EndState;
  /** Why it ended so, where a fault did. */
  readonly fault: Fault | null;
  readonly plan: string | null;
  /** Absolute path of the folder it worked on; its claims name files from there. */
  readonly folder: string;
  readonly claims: readonly (CheckedClaim & { readonly task: string })[];
  /** Files it changed, and the lines. */
  readonly changes: Pick<Changes, 'files' | 'added' | 'removed'>;
  readonly usage: {
    readonly calls: number;
    /** From the goal to the end, in milliseconds, pauses too. */
    readonly tookMs: number;
    readonly tokens: { readonly in: number; readonly out: number } | 'unknown';
    readonly cost: { readonly amount: number; readonly currency: string } | 'unknown';
  };
}

/** How far a run has come that goes on. */
export interface DelegatedNews {
  readonly run: string;
  readonly phase: RunPhase;
  /** Tasks that are over, and all; 0 before there is a plan. */
  readonly done: number;
  readonly total: number;
}

export interface DelegateWatch extends DelegatingCall {
  readonly signal: AbortSignal;
  readonly onNews: (news: DelegatedNews) => void;
}

/**
 * Runs that another run starts. They inherit its deadline, its priority, how it asks, and its chain of actors with itself at the end, and
 * are at work only while it waits for them.
 */
export interface Delegate {
  /**
   * Starts the run, once for a key. Faults: DELEGATE_TOO_DEEP, DELEGATE_RIGHTS, RUN_UNKNOWN, and those of choosing a plan.
   */
  start(wish: DelegatedGoal): Promise<{ readonly ok: true } | { readonly ok: false; readonly fault: Fault }>;
  /**
   * Waits for the end and answers it, or null when no such run was started. What was cut off, or let down before, goes on. When the signal
   * aborts, the run is paused, or stopped when the waiting one has ended, and the promise is rejected with the signal's reason; for the
   * reason `'hand-over'` it is left as it is.
   */
  watch(call: DelegateWatch): Promise<DelegatedEnd | null>;
  /** Stops the run, if it was started by this call's run and has not ended. Throws FaultError when it cannot now. */
  cancel(call: DelegatingCall): Promise<void>;
}
