import type { Scope } from '@soma/schemas/event';

/** What a provider is able to do now. */
export interface ModelDescription {
  /** The model's name as its maker writes it, such as `all-MiniLM-L6-v2`. */
  readonly model: string;
  /** SHA-256 of the weights in use, in hex: vectors of other weights are not compared with these. */
  readonly hash: string;
  /** Length of a vector; null where the model does not embed. */
  readonly dimensions: number | null;
}

/** `texts` beyond the model's context are cut at its end. */
export interface EmbedRequest {
  readonly scope: Scope;
  readonly texts: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * A model: exactly one turn a call, and it never runs a tool. Rejects with FaultError MODEL_ABSENT (none is here), MODEL_UNUSABLE (it
 * cannot be loaded, or its process ended) or, when `signal` aborts, with the signal's reason.
 */
export interface ModelProvider {
  /** Null where no model is here. Does not load one. */
  describe(scope: Scope): Promise<ModelDescription | null>;
  /** One vector of length 1 a text, in their order. The first call loads the model. */
  embed(request: EmbedRequest): Promise<readonly Float32Array[]>;
}
