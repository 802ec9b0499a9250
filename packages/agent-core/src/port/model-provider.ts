import type { TurnDelta } from '@soma/schemas/delta';
import type { Scope } from '@soma/schemas/event';
import type { Abilities, Turn, TurnAnswer } from '@soma/schemas/turn';

/** What a provider says of its model now. What it does not know is null or *unknown*, never a guess. */
export interface ModelDescription {
  /** The model's name as its maker or its endpoint writes it, such as `all-MiniLM-L6-v2`. */
  readonly model: string;
  /** SHA-256 of the weights in use, in hex: vectors of other weights are not compared with these. Null where they are not seen. */
  readonly hash: string | null;
  /** Length of a vector; null where the model does not embed, or nobody has said. */
  readonly dimensions: number | null;
  /** What its provider says that it can do. What it was measured to do is the examination's to say. */
  readonly abilities: Abilities;
  /** Tokens that context and answer may have together, and the answer alone. */
  readonly contextTokens: number | null;
  readonly outputTokens: number | null;
}

/** `texts` beyond the model's context are cut at its end, where the provider can tell. */
export interface EmbedRequest {
  readonly scope: Scope;
  readonly texts: readonly string[];
  readonly signal: AbortSignal;
}

export interface AskRequest {
  readonly scope: Scope;
  readonly turn: Turn;
  readonly signal: AbortSignal;
  /** Called with each part as it comes, in order, before `ask` resolves; never after. */
  readonly onDelta?: (delta: TurnDelta) => void;
}

/** A model: exactly one turn a call, and it never runs a tool. */
export interface ModelProvider {
  /** Null where no model is here. Does not load one. Rejects with FaultError where its endpoint cannot be asked. */
  describe(scope: Scope): Promise<ModelDescription | null>;
  /**
   * One turn: at most one request to whoever runs the model, and never a second one in its place. Resolves also when it fails: the fault
   * says whether asking again may help, and nothing that came is lost. An abort ends it at once with MODEL_TURN_STOPPED.
   */
  ask(request: AskRequest): Promise<TurnAnswer>;
  /**
   * One vector of length 1 a text, in their order. The first call loads the model. Rejects with a FaultError such as MODEL_ABSENT (none
   * is here), MODEL_UNUSABLE (it cannot be loaded, or its process ended), MODEL_UNABLE (it does not embed) or, when `signal` aborts,
   * with the signal's reason.
   */
  embed(request: EmbedRequest): Promise<readonly Float32Array[]>;
}
