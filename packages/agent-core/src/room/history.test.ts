import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyScript, exhaust, strictly, World } from '../testing/undo-world.ts';

describe('the history of a document', () => {
  it('is the same with restarts anywhere as without, down to the bytes of every undo and redo still possible', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const [steady, restarted] = [new World(), new World()];
        for (const step of script) {
          for (const world of [steady, restarted]) {
            if ('act' in step) world.act(step.act);
            else if ('hear' in step) world.hear(step.hear);
          }
          if ('restart' in step) restarted.history = strictly(restarted.stored);
          expect(World.picture(restarted.history)).toEqual(World.picture(steady.history));
        }
        expect(restarted.stored).toEqual(steady.stored);
        expect(exhaust(strictly(steady.stored))).toEqual(exhaust(steady.history));
      }),
      { numRuns: 400 },
    );
  });
});
