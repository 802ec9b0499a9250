import type {
  AddedModel,
  EndpointView,
  ExamResult,
  Keychain,
  KeyKeeper,
  KnownOfModel,
  ModelToAdd,
  NearbyServer,
} from '@soma/schemas/contract';
import type { Scope } from '@soma/schemas/event';
import type { ChatModels } from './chat-models.ts';

/** What is to become of an added model. */
export type AddedChange =
  | { readonly type: 'prefer' | 'remove' }
  | { readonly type: 'key'; readonly key: string | null; readonly keep: KeyKeeper }
  /** What came of examining it. `version` is the examination's; `provider` the one that was asked. */
  | { readonly type: 'examined'; readonly result: ExamResult; readonly version: number };

/** Keeps the models that people add, over restarts, and gives them out for turns. */
export interface AddedModels extends ChatModels {
  /** Every one in its order; that one is examined now is not told here. Quick. */
  states(scope: Scope): readonly AddedModel[];
  /** Calls the listener whenever `states` answers something else; answers how to end that. */
  watch(listener: () => void): () => void;
  /** Adds a model behind the others; asks no endpoint. Rejects with FaultError: those of the contract's `chat.add`. */
  add(request: {
    readonly scope: Scope;
    readonly id: string;
    readonly model: ModelToAdd;
  }): Promise<AddedModel>;
  /** Rejects with FaultError MODEL_NOT_ADDED, KEYCHAIN_UNUSABLE, DISK_FULL. To remove what is not there is no fault. */
  change(scope: Scope, added: string, change: AddedChange): Promise<void>;
}

/** What may be added: endpoints that can be spoken to, and what they have. */
export interface ModelFinder {
  endpoints(): { readonly endpoints: readonly EndpointView[]; readonly keychain: Keychain };
  /** Servers on this computer. None is trusted for having been found. */
  nearby(scope: Scope, signal: AbortSignal): Promise<readonly NearbyServer[]>;
  /** Models that an endpoint lists now. Rejects with the FaultError of why it does not. */
  offered(
    asked: OfferedRequest,
  ): Promise<readonly { readonly model: string; readonly known: KnownOfModel }[]>;
}

export interface OfferedRequest {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly endpoint: string;
  /** Null is the endpoint's usual one. */
  readonly address: string | null;
  readonly key: string | null;
  /** Takes the key of this model, when none is given; only for the endpoint and address of that model. */
  readonly added: string | null;
}
