import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyScript, exhaust, strictly, World } from '../testing/undo-world.ts';

it('the history of a document is the same with restarts anywhere as without, 20,000 times', () => {
  fc.assert(
    fc.property(anyScript, (script) => {
      const world = new World();
      for (const step of script) {
        if ('act' in step) world.act(step.act);
        else if ('hear' in step) world.hear(step.hear);
        else expect(World.picture(strictly(world.stored))).toEqual(World.picture(world.history));
      }
      expect(exhaust(strictly(world.stored))).toEqual(exhaust(world.history));
    }),
    { numRuns: 20_000 },
  );
});
