import { describe, expect, it } from 'vitest';
import { dollarsOf, sumUsage } from './cost.ts';
import { type Candidate, hasOtherModel, NOTHING_KNOWN, routeOf, type Standing } from './route.ts';

const all = ['schema', 'tool-choice', 'summary', 'refusal'] as const;
const model = (id: string, passed: Candidate['passed'] = all): Candidate => ({ id, model: id, passed });
const standing = (but: Partial<Standing> = {}): Standing => ({
  ...NOTHING_KNOWN,
  ...but,
});
const none = NOTHING_KNOWN;

describe('which model is asked', () => {
  it('is the first in the person’s order that passed what the turn needs', () => {
    const models = [model('a', ['schema']), model('b'), model('c')];
    expect(routeOf('plan', models, none)).toEqual({
      name: 'chosen',
      model: models[1],
      passedOver: [
        { model: 'a', note: { code: 'model-not-passed', data: { model: 'a', part: 'tool_choice' } } },
      ],
    });
    expect(routeOf('summary', models, none)).toMatchObject({ model: { id: 'b' } });
  });

  it('is another than those that failed here, as long as there is one', () => {
    const models = [model('a'), model('b')];
    expect(routeOf('answer', models, standing({ failed: new Set(['a']) }))).toMatchObject({
      model: { id: 'b' },
      passedOver: [{ model: 'a', note: { code: 'model-failed-here' } }],
    });
    expect(routeOf('answer', models, standing({ failed: new Set(['a', 'b']) }))).toMatchObject({
      model: { id: 'a' },
      passedOver: [],
    });
    expect(hasOtherModel('answer', models, new Set(['a']))).toBe(true);
    expect(hasOtherModel('answer', models, new Set(['a', 'b']))).toBe(false);
  });

  it('is none that rests: the next is, or they are waited for', () => {
    const models = [model('a'), model('b')];
    const a = new Set(['a']);
    expect(routeOf('answer', models, standing({ resting: a }))).toMatchObject({
      model: { id: 'b' },
      passedOver: [{ model: 'a', note: { code: 'model-away' } }],
    });
    const later = { name: 'later', resting: [{ id: 'a' }] };
    expect(routeOf('answer', models, standing({ resting: a, failed: new Set(['b']) }))).toMatchObject(later);
    expect(routeOf('answer', models, standing({ resting: a, away: new Set(['b']) }))).toMatchObject({
      model: { id: 'b' },
    });
    expect(routeOf('answer', [model('a')], standing({ resting: a }))).toMatchObject(later);
    expect(routeOf('answer', [model('a', [])], standing({ resting: a }))).toMatchObject({ name: 'none' });
  });

  it('is one that was not there rather than one that failed', () => {
    const models = [model('a'), model('b')];
    const seen = standing({ failed: new Set(['a']), away: new Set(['b']) });
    expect(routeOf('answer', models, seen)).toMatchObject({ model: { id: 'b' } });
  });

  it('is none where none passed, or none was added', () => {
    const fault = { code: 'MODEL_NONE_FITS', data: { kind: 'plan', count: 1 } };
    expect(routeOf('plan', [model('a', ['summary'])], none)).toMatchObject({ name: 'none', fault });
    expect(routeOf('plan', [], none)).toMatchObject({ name: 'none' });
  });
});

describe('what a turn costs', () => {
  const price = { input: 2, output: 10, cached: 0.5 };
  const usage = { input: 1000, output: 100, cached: null, reasoning: null, dollars: null };

  it('is its tokens by their price, those from a cache by theirs', () => {
    expect(dollarsOf(price, usage)).toBeCloseTo(0.003, 12);
    expect(dollarsOf(price, { ...usage, cached: 400 })).toBeCloseTo((600 * 2 + 400 * 0.5 + 1000) / 1e6, 12);
    expect(dollarsOf({ ...price, cached: null }, { ...usage, cached: 400 })).toBeCloseTo(0.003, 12);
  });

  it('is what its provider says, where it does', () => {
    expect(dollarsOf(price, { ...usage, dollars: 0.5 })).toBe(0.5);
  });

  it('is unknown where price or tokens are, and never free for that', () => {
    expect(dollarsOf({ ...price, output: null }, usage)).toBeNull();
    expect(dollarsOf(price, { ...usage, input: null })).toBeNull();
  });

  it('is unknown of several requests where it is of one', () => {
    expect(sumUsage([usage, usage])).toMatchObject({ input: 2000, output: 200, cached: null });
    expect(sumUsage([usage, { ...usage, output: null }])).toMatchObject({ input: 2000, output: null });
  });
});
