import { createHash } from 'node:crypto';
import type { Hasher } from '../../port/index.ts';

/** SHA-256 by the platform's crypto library. */
export const systemHasher: Hasher = {
  sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
};
