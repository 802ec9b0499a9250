import { describe, expect, it } from 'vitest';
import { FAULTS, playFault } from '../../testing/model-faults.ts';

describe('a turn at an endpoint that fails', () => {
  it.each(Object.keys(FAULTS))('ends well with %s', async (name) => {
    for (const seed of [1, 2, 3, 4]) await playFault(name, seed);
  });

  it('leaves what was used unknown where nobody says it', async () => {
    const { answer } = await playFault('an answer whose usage is missing', 1);
    expect(answer.usage).toEqual({ input: null, output: null, cached: null, reasoning: null, dollars: null });
    const counted = await playFault('an answer that says its usage in its own way', 2);
    expect(counted.answer.usage.output).toBeGreaterThan(0);
  });
});
