import { describe, expect, it } from 'vitest';
import { ControllableClock } from '../testing/controllable-clock.ts';
import { ScriptedModel } from '../testing/scripted-model.ts';
import { createMeaning } from './meaning.ts';

const plan = (name: string, ...examples: string[]) => ({ name, title: name, description: name, examples });
const plans = [plan('count', 'count the rows'), plan('paint', 'paint the {thing}')];
const scope = {
  ...{ tenant: 'local', workspace: 'local', actor: [{ kind: 'system', id: 'host' } as const] },
  ...{ traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00`, causation: null },
};

function aMeaning() {
  const clock = new ControllableClock();
  const model = new ScriptedModel({ alike: [['rows', 'lines']] });
  return { clock, model, meaning: createMeaning({ model, clock, scope }) };
}

/** Lets everything run that waits for nothing but its turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what a goal means', () => {
  it('is not known to the goal that first asks, and is to the next', async () => {
    const { model, meaning } = aMeaning();
    expect(await meaning('count the lines', plans)).toBeNull();
    await settled();
    const alike = await meaning('count the lines', plans);
    expect(alike?.get('count')).toBeCloseTo(1);
    expect(alike?.get('paint')).toBeCloseTo(1 / Math.sqrt(6));
    expect(model.embedded).toEqual(['count the rows', 'paint the', 'count the lines']);
  });

  it('asks for the vectors of examples once, and again for new examples or new weights only', async () => {
    const { model, meaning } = aMeaning();
    const know = async (of = plans) => {
      await meaning('a goal', of);
      await settled();
    };
    await know();
    await know();
    expect(model.embedded).toEqual(['count the rows', 'paint the', 'a goal']);
    await know([...plans, plan('sing', 'sing')]);
    expect(model.embedded.slice(3)).toEqual(['sing']);
    model.weights = 'b'.repeat(64);
    await know();
    expect(model.embedded.slice(4)).toEqual(['count the rows', 'paint the']);
  });

  it('is given up when the model takes too long, and no goal waits for a model to load', async () => {
    const { clock, model, meaning } = aMeaning();
    const loaded = model.hold();
    expect(await meaning('a goal', plans)).toBeNull();
    loaded();
    await settled();
    model.hold();
    const late = meaning('a goal', plans);
    await settled();
    clock.advance(150);
    expect(await late).toBeNull();
  });

  it('is not asked for where there is no model, and not for a while after one failed', async () => {
    const { clock, model, meaning } = aMeaning();
    model.fault = 'MODEL_ABSENT';
    expect(await meaning('a goal', plans)).toBeNull();
    model.fault = 'MODEL_UNUSABLE';
    expect(await meaning('a goal', plans)).toBeNull();
    await settled();
    model.fault = null;
    await meaning('a goal', plans);
    await settled();
    expect(model.embedded).toEqual([]);
    clock.advance(30_000);
    await meaning('a goal', plans);
    await settled();
    expect(await meaning('a goal', plans)).not.toBeNull();
    model.fault = 'MODEL_UNUSABLE';
    expect(await meaning('another goal', plans)).toBeNull();
  });
});
