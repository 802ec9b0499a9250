import type { ModelName, ModelState } from '@soma/schemas/contract';
import type { Scope } from '@soma/schemas/event';

/** `path` is the absolute path of a file that a person picked; null fetches the model with the person's own pip. */
export interface ObtainRequest {
  readonly scope: Scope;
  readonly model: ModelName;
  readonly path: string | null;
}

/** Keeps models on this machine: what is there, and how it comes and goes. Nothing comes unless a person asked for it. */
export interface ModelStore {
  /** Every model the product knows, with where it stands. Quick: loads nothing. */
  states(scope: Scope): readonly ModelState[];
  /** Calls the listener whenever `states` answers something else; answers how to end that. */
  watch(listener: () => void): () => void;
  /**
   * Begins to get a model and answers at once; `states` tells how it goes. One that is ready or under way is left as it is. Rejects with
   * FaultError MODEL_NO_PYTHON (a fetch without pip), FILE_GONE or FILE_UNREADABLE (a picked file).
   */
  obtain(request: ObtainRequest): Promise<ModelState>;
  /** Ends what goes on; nothing of it stays on the disk once this resolves. */
  stop(scope: Scope, model: ModelName): Promise<ModelState>;
  /** Ends what goes on and deletes what is kept. Rejects with FaultError FILE_UNWRITABLE. */
  remove(scope: Scope, model: ModelName): Promise<ModelState>;
}
