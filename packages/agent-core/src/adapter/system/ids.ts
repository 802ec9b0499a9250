import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from '../../port/index.ts';

const COUNTER_LIMIT = 0x1000;
/** Bytes drawn from the system at once. */
const DRAWN = 4096;

/**
 * Ids as UUID version 7 (RFC 9562): 48 bits of milliseconds, 12 bits of a counter, 62 random bits. Within one source they always
 * grow, even when the clock is set back: then the counter, and after it the milliseconds, go on from the last id.
 */
export function createIds(clock: Clock): Ids {
  const draw = createDraw();
  let lastMs = 0;
  let counter = 0;
  return {
    next() {
      const now = Date.parse(clock.now());
      if (now > lastMs) {
        lastMs = now;
        counter = 0;
      } else if (++counter === COUNTER_LIMIT) {
        lastMs += 1;
        counter = 0;
      }
      const random = draw(8);
      random.writeUInt8((random.readUInt8(0) & 0x3f) | 0x80, 0);
      const time = lastMs.toString(16).padStart(12, '0');
      const tail = random.toString('hex');
      const count = counter.toString(16).padStart(3, '0');
      return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
    },
    traceparent: () => `00-${nonZero(16)}-${nonZero(8)}-01`,
  };
}

/** Random bytes, drawn many at a time: each draw from the system costs more than an id. None is given twice. */
function createDraw(): (count: number) => Buffer {
  let drawn = randomBytes(DRAWN);
  let given = 0;
  return (count) => {
    if (given + count > drawn.length) {
      drawn = randomBytes(DRAWN);
      given = 0;
    }
    given += count;
    return drawn.subarray(given - count, given);
  };
}

/** W3C Trace Context forbids ids of zeros only. */
function nonZero(bytes: number): string {
  const drawn = randomBytes(bytes);
  return drawn.some((byte) => byte !== 0) ? drawn.toString('hex') : nonZero(bytes);
}
