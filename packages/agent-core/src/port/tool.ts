import type { Delta, TurnDelta } from '@soma/schemas/delta';
import type {
  CallPreview,
  ChangeSet,
  Content,
  Fault,
  Json,
  Note,
  RoutedModel,
  RunAgent,
  Scope,
  ToolRisk,
  TurnSpent,
} from '@soma/schemas/event';

/** Whether a call may be repeated after an attempt of unknown outcome: under the same key, after a probe, or never without a person. */
export type Idempotency = 'idempotent' | 'checkable' | 'neither';

/** Name, words and limits of a tool; schemas are JSON Schema 2020-12 emitted from the one definition that also checks input. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly risk: ToolRisk;
  readonly idempotency: Idempotency;
  readonly timeoutMs: number;
  readonly outputLimitBytes: number;
  /** How many of its calls may be under way at once, over all runs; left out, as many as there may be of all tools. */
  readonly parallel?: number;
  /** Its calls only start a run and wait for it: they hold none of the turns that the calls of that run need. */
  readonly delegates?: boolean;
  /** Its calls ask one of the person's models, chosen for each attempt: its input has a `kind`, a `TurnKind`. */
  readonly asks?: true;
  readonly inputSchema: Json;
  readonly outputSchema: Json;
  /**
   * Name of the tool that takes back what a call of this one did. It is called with a `CallToTakeBack` under a key of its own, decided about
   * as any call, and does nothing where nothing is left to be taken back. Left out: what it does stays.
   */
  readonly compensation?: string;
}

/** What is on record of a call whose effect is to be taken back. `arguments` is JSON; `preview` a `CallPreview`, null where there was none. */
export interface CallToTakeBack {
  readonly tool: string;
  readonly key: string;
  readonly arguments: Content;
  readonly preview: Content | null;
}

export interface ToolContext {
  readonly scope: Scope;
  readonly run: string;
  readonly task: string;
  readonly call: string;
  /** Absolute, resolved path of the folder the run may read. */
  readonly folder: string;
  readonly canvas: string;
  /** Same key, same effect: at most once. */
  readonly key: string;
  /** What the tool said the call would do when it was decided about; null where it cannot say, and while it is asked. */
  readonly preview: CallPreview | null;
  /** The model that was chosen for the attempt, for a tool that asks one; null for any other. */
  readonly model: RoutedModel | null;
  /** The agent whose task it is; left out where it is nobody's. */
  readonly agent?: RunAgent;
  /** Agents that may be given tasks which the result asks for; left out where there are none. */
  readonly offered?: readonly RunAgent[];
  /** Its reason is `'hand-over'` when another process takes the run up: what can go on by itself, and be found by its key, may. */
  readonly signal: AbortSignal;
  /** Passing news of the call for whoever watches; never stored, may be dropped. */
  readonly progress: (delta: Extract<Delta, { type: 'tool-progress' }>['progress']) => void;
  /** A part of a model's answer as it comes; never stored, may be dropped. */
  readonly say: (delta: TurnDelta) => void;
}

/** A card that a call put on the run's canvas as the node `node`. `content` is the stored `Artifact` with this id. */
export interface ToolArtifact {
  readonly id: string;
  readonly title: string;
  readonly icon: string;
  readonly node: string;
  readonly content: Content;
}

/**
 * `note` is one line about the output, as a catalogue key and its values. `changes` is everything the call did to files: the texts
 * before are stored already. `artifact` is published with the call's result. `spent` is what a model took, also where it failed.
 */
export type ToolResult =
  | {
      readonly ok: true;
      readonly output: Json;
      readonly note: Note;
      readonly changes?: ChangeSet;
      readonly artifact?: ToolArtifact;
      readonly spent?: TurnSpent;
    }
  | { readonly ok: false; readonly fault: Fault; readonly spent?: TurnSpent };

/** Whether the effect of a key has happened; a tool that kept its answer gives it. */
export type Probed =
  | 'happened'
  | 'not-happened'
  | 'unknown'
  | { readonly name: 'happened'; readonly result: ToolResult };

/** A described ability. Input is checked by the tool's own schema before anything happens; expected failures are values. */
export interface Tool {
  readonly describe: () => ToolDescription;
  call(input: Json, context: ToolContext): Promise<ToolResult>;
  /** What a call will do, exactly: recorded before it is performed and shown to whoever allows it. Performs nothing. */
  preview?(
    input: Json,
    context: ToolContext,
  ): Promise<
    { readonly ok: true; readonly preview: CallPreview } | { readonly ok: false; readonly fault: Fault }
  >;
  /** For `checkable` tools: whether the effect of this key has happened. Others answer `unknown`. */
  probe(key: string, context: ToolContext): Promise<Probed>;
  /** Ends and clears what a call under this key left behind that nobody awaits any more, a call of a killed process too. */
  abandon?(context: ToolContext): Promise<void>;
}
