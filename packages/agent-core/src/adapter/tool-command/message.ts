import type { CommandEnd } from '@soma/schemas/event';

/** What a command may take: wall time, bytes of output that are kept, bytes that may be written at all, and living processes. */
export interface CommandLimits {
  readonly timeoutMs: number;
  readonly keptBytes: number;
  readonly outputBytes: number;
  readonly processes: number;
}

/** What the host tells the runner, once. `store` is the absolute path of the folder of the ledgers, which is there. */
export interface RunRequest {
  readonly type: 'run';
  /** SHA-256 of the call's key: names the ledger and the output. */
  readonly id: string;
  readonly key: string;
  readonly run: string;
  readonly task: string;
  readonly call: string;
  readonly command: string;
  /** Absolute, resolved path of the folder it runs in. */
  readonly folder: string;
  readonly store: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: CommandLimits;
}

export type ToRunner = RunRequest | { readonly type: 'stop' };

/** Passing news from the runner: the last lines of the output so far, and how many bytes there were. */
export interface RunnerNews {
  readonly lines: string;
  readonly bytes: number;
}

/** What is known of a whole output: hash and size of all of it, and of what is kept in the file. */
export interface KeptSum {
  readonly hash: string;
  readonly size: number;
  readonly keptHash: string;
  readonly keptSize: number;
  /** Lines of the kept file after which something is left out; null when nothing is. */
  readonly cutAfter: number | null;
}

/** The lines of a ledger, in their order; each is on the disk before what follows it happens. */
export type LedgerRecord =
  | {
      readonly type: 'intent';
      readonly at: string;
      readonly id: string;
      readonly key: string;
      readonly run: string;
      readonly task: string;
      readonly call: string;
      readonly command: string;
      readonly commandHash: string;
      readonly folder: string;
      readonly limits: CommandLimits;
      readonly runner: number;
      /** When the runner's process started, as the system counts it; null where the system does not say. */
      readonly runnerStarted: string | null;
    }
  | { readonly type: 'started'; readonly at: string; readonly pid: number }
  | {
      readonly type: 'ended';
      readonly at: string;
      readonly end: CommandEnd;
      readonly exitCode: number | null;
      readonly signal: string | null;
      /** Why the system did not start it, such as `ENOENT`. */
      readonly cause: string | null;
      readonly tookMs: number;
      readonly output: KeptSum;
      /** Processes that outlived the command and were ended. */
      readonly leftovers: number;
    };
