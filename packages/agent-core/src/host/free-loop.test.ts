import { describe, expect, it } from 'vitest';
import { playFreeLoop } from '../testing/free-loop.ts';

describe('whatever a model, its server and a person do with a free goal, the run ends as it should', () => {
  it.each([1, 2, 3, 4, 5])('for seed %i', async (seed) => {
    expect((await playFreeLoop(seed)).state).not.toBe('none');
  });
});
