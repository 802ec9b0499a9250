import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scopeOf } from '../../testing/event-sample.ts';
import { modelChild, modelHere } from '../../testing/model-runs.ts';
import { embed, ModelWorld } from '../../testing/model-world.ts';
import type { ModelRun } from './index.ts';

const scope = scopeOf();
const signal = new AbortController().signal;
let world: ModelWorld;
beforeEach(() => {
  world = new ModelWorld();
});
afterEach(() => world.close());

// Processes that are really started take their time on a busy machine.
describe('the model process', { timeout: 60_000 }, () => {
  const runs: ReturnType<typeof modelChild>[] = [];
  const start = () => {
    const run = modelChild();
    runs.push(run);
    return run;
  };
  beforeEach(() => void runs.splice(0));

  it('starts with the first wish, is ended when nothing is asked of it, and starts again', async () => {
    const here: ModelRun[] = [];
    const count = () => {
      const run = modelHere();
      here.push(run);
      return run;
    };
    const { model } = await world.ready({ start: count, idleMs: 50 });
    await here[0]?.ended;
    expect(here).toHaveLength(1);
    const [one] = await embed(model, 'the cat');
    await here[1]?.ended;
    expect(await embed(model, 'the cat')).toEqual([one]);
    expect(here).toHaveLength(3);
  });

  it('that is killed rejects the wish under way, and the next wish starts another', async () => {
    const { model } = await world.ready({ start });
    const texts = Array.from({ length: 3000 }, (_, at) => `the cat ${at}`);
    const under = model.provider.embed({ scope, texts, signal });
    const refused = expect(under).rejects.toMatchObject({
      fault: { code: 'MODEL_UNUSABLE', data: { reason: 'process' }, retry: { when: 'now' } },
    });
    await embed(model, 'a');
    runs.at(-1)?.child.kill('SIGKILL');
    await refused;
    expect(await embed(model, 'a')).toHaveLength(1);
    expect(runs).toHaveLength(2);
  });

  it('lets a wish go whose signal aborts, before, while it waits and while it is fulfilled', async () => {
    const { model } = await world.ready();
    const reason = new Error('enough');
    const texts = ['a', 'b'];
    const before = model.provider.embed({ scope, texts, signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toBe(reason);
    const control = new AbortController();
    const many = Array.from({ length: 500 }, (_, at) => `the cat ${at}`);
    const going = model.provider.embed({ scope, texts: many, signal: control.signal });
    const waiting = model.provider.embed({ scope, texts, signal: control.signal });
    const other = embed(model, 'a');
    control.abort(reason);
    await expect(going).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await other).toHaveLength(1);
  });

  it('takes so many wishes at once and no more', async () => {
    const { model } = await world.ready();
    const asked = await Promise.allSettled(Array.from({ length: 300 }, () => embed(model, 'a')));
    const refused = asked.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(300 - 256);
    for (const { reason } of refused) expect(reason).toMatchObject({ fault: { data: { reason: 'busy' } } });
  });

  it('that says what is no answer of ours is ended', async () => {
    const { model, known } = await world.ready();
    const odd: ModelRun = {
      ...modelChild(),
      port: {
        postMessage: () => undefined,
        onMessage: (listener) => void setImmediate(() => listener('odd')),
      },
    };
    await model.close();
    const again = world.open({ known, start: () => odd });
    await expect(embed(again, 'a')).rejects.toMatchObject({ fault: { data: { reason: 'process' } } });
    await odd.ended;
  });
});
