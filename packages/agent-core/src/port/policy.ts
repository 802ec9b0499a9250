import type { Json, PolicyVerdict, RoutedModel, Scope, Sha256 } from '@soma/schemas/event';
import type { ToolDescription } from './tool.ts';

/** What is about to happen. `tool` is null when no tool of that name is known. */
export interface Action {
  readonly scope: Scope;
  readonly run: string;
  readonly kind: 'tool-call' | 'model-call' | 'plan' | 'memory-write';
  readonly name: string;
  readonly tool: ToolDescription | null;
  /** The model that a model call asks; null for all else. */
  readonly model: RoutedModel | null;
  readonly arguments: Json;
  /** The folder the run may read, absolute and resolved. */
  readonly folder: string;
  /** The canvas the run lives on. */
  readonly canvas: string;
}

export interface PolicyDecision {
  readonly verdict: PolicyVerdict;
  /** Name of the rule that decided. */
  readonly rule: string;
  /** Hash of the whole rule set. */
  readonly policyHash: Sha256;
}

/** Answers a verdict and nothing else; who asks turns a throw or a missing answer into deny. */
export interface Policy {
  evaluate(action: Action): Promise<PolicyDecision>;
}
