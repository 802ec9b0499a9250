import type { Scope } from '@soma/schemas/event';
import type { ExamPart, ModelPrice } from '@soma/schemas/turn';
import type { ModelProvider } from './model-provider.ts';

/** A model that a person added, as a turn is asked of it. */
export interface ChatModel {
  /** Minted when it was added; the same for as long as it stays. */
  readonly id: string;
  /** Its name as its endpoint writes it. */
  readonly model: string;
  /** Id of its endpoint in the table of endpoints, or `local` for a file on this computer. */
  readonly endpoint: string;
  /** Where it is asked, without user, query or key; null for a file on this computer. */
  readonly address: string | null;
  /** Nothing that it is asked leaves this computer. */
  readonly local: boolean;
  readonly price: ModelPrice;
  readonly contextTokens: number | null;
  readonly outputTokens: number | null;
  /** What it passed of the examination. Nothing while it was not examined. */
  readonly passed: readonly ExamPart[];
  readonly provider: ModelProvider;
}

/** The models that people added, in the order in which they are to be taken. */
export interface ChatModels {
  /** Quick: asks no endpoint. */
  list(scope: Scope): readonly ChatModel[];
}
