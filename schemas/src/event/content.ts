import { z } from 'zod';

/** A SHA-256 digest as 64 lower-case hexadecimal digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export type Sha256 = z.infer<typeof Sha256>;

/** Largest UTF-8 size, in bytes, that an event carries inline; anything larger lives in the content store. */
export const INLINE_LIMIT = 4096;

/**
 * Text of people, models, tools and files. `hash` is the SHA-256 of its UTF-8 bytes and `size` their number. With `inline` the text
 * travels along; without it the content store holds it under `hash`. Hash chains cover the hash, so the text can be erased.
 */
export const Content = z.object({
  hash: Sha256,
  size: z.number().int().min(0),
  mediaType: z.string().min(1).max(200),
  inline: z.string().max(INLINE_LIMIT).optional(),
});
export type Content = z.infer<typeof Content>;
