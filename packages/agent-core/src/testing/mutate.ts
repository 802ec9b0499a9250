import type { Random } from './random.ts';

/** The bytes with up to four random changes: a byte exchanged, taken out or put in, a stretch doubled, the end cut off. */
export function mutateRandomly(random: Random, bytes: Uint8Array): Uint8Array {
  let changed = [...bytes];
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const at = random.below(changed.length + 1);
    switch (random.below(5)) {
      case 0:
        changed[Math.min(at, Math.max(changed.length - 1, 0))] = random.below(256);
        break;
      case 1:
        changed.splice(at, 1);
        break;
      case 2:
        changed.splice(at, 0, random.below(256));
        break;
      case 3:
        changed.splice(at, 0, ...changed.slice(at, at + random.below(20)));
        break;
      default:
        changed = changed.slice(0, at);
    }
  }
  return Uint8Array.from(changed);
}
