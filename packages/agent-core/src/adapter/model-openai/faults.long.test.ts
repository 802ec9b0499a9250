import { describe, it } from 'vitest';
import { FAULTS, playFault } from '../../testing/model-faults.ts';

const FACES = 50;

describe('a turn at an endpoint that fails', () => {
  it.each(Object.keys(FAULTS))(`ends well with %s, ${FACES} times`, async (name) => {
    for (let seed = 100; seed < 100 + FACES; seed += 1) await playFault(name, seed);
  });
});
