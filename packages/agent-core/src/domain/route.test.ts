import type { TurnKind } from '@soma/schemas/turn';
import { describe, expect, it } from 'vitest';
import { dollarsOf, sumUsage } from './cost.ts';
import {
  type Candidate,
  hasOtherModel,
  NOTHING_KNOWN,
  routeOf,
  type Standing,
  type Wanted,
} from './route.ts';

const all = ['schema', 'tool-choice', 'summary', 'refusal'] as const;
const model = (id: string, passed: Candidate['passed'] = all): Candidate => ({
  ...{ id, model: id, passed },
  ...{ contextTokens: 8000, local: false },
});
const wanted = (kind: TurnKind, agent: Wanted['agent'] = null): Wanted => ({ kind, agent });
const standing = (but: Partial<Standing> = {}): Standing => ({
  ...NOTHING_KNOWN,
  ...but,
});
const none = NOTHING_KNOWN;

describe('which model is asked', () => {
  it('is the first in the person’s order that passed what the turn needs', () => {
    const models = [model('a', ['schema']), model('b'), model('c')];
    expect(routeOf(wanted('plan'), models, none)).toEqual({
      name: 'chosen',
      model: models[1],
      passedOver: [
        { model: 'a', note: { code: 'model-not-passed', data: { model: 'a', part: 'tool_choice' } } },
      ],
    });
    expect(routeOf(wanted('summary'), models, none)).toMatchObject({ model: { id: 'b' } });
  });

  it('is another than those that failed here, as long as there is one', () => {
    const models = [model('a'), model('b')];
    expect(routeOf(wanted('answer'), models, standing({ failed: new Set(['a']) }))).toMatchObject({
      model: { id: 'b' },
      passedOver: [{ model: 'a', note: { code: 'model-failed-here' } }],
    });
    expect(routeOf(wanted('answer'), models, standing({ failed: new Set(['a', 'b']) }))).toMatchObject({
      model: { id: 'a' },
      passedOver: [],
    });
    expect(hasOtherModel(wanted('answer'), models, new Set(['a']))).toBe(true);
    expect(hasOtherModel(wanted('answer'), models, new Set(['a', 'b']))).toBe(false);
  });

  it('has what the agent needs of it, each lack with its reason', () => {
    const agent = {
      title: 'Reader',
      needs: { passed: ['summary' as const], contextTokens: 16_000, local: true as const },
    };
    const fits = { contextTokens: 16_000, local: true };
    const models = [
      { ...model('a', ['schema', 'refusal']), ...fits },
      { ...model('b'), ...fits, local: false },
      { ...model('c'), ...fits, contextTokens: 15_999 },
      { ...model('d'), ...fits, contextTokens: null },
      { ...model('e'), ...fits },
    ];
    expect(routeOf(wanted('answer', agent), models, none)).toMatchObject({
      model: { id: 'e' },
      passedOver: [
        { note: { code: 'model-not-passed', data: { part: 'summary' } } },
        { note: { code: 'model-not-local', data: { agent: 'Reader' } } },
        { note: { code: 'model-context-small', data: { needed: 16_000, limit: 15_999 } } },
        { note: { code: 'model-context-small', data: { limit: 'none' } } },
      ],
    });
    const fault = { code: 'MODEL_NONE_FITS', data: { kind: 'answer', count: 4, agent: 'Reader' } };
    expect(routeOf(wanted('answer', agent), models.slice(0, 4), none)).toMatchObject({ name: 'none', fault });
    expect(hasOtherModel(wanted('answer', agent), models, new Set(['e']))).toBe(false);
    expect(routeOf(wanted('answer', agent), [], none)).toMatchObject({ fault: { data: { count: 0 } } });
  });

  it('is none that rests: the next is, or they are waited for', () => {
    const models = [model('a'), model('b')];
    const a = new Set(['a']);
    expect(routeOf(wanted('answer'), models, standing({ resting: a }))).toMatchObject({
      model: { id: 'b' },
      passedOver: [{ model: 'a', note: { code: 'model-away' } }],
    });
    expect(routeOf(wanted('answer'), models, standing({ away: a }))).toMatchObject({
      model: { id: 'b' },
      passedOver: [{ model: 'a', note: { code: 'model-away' } }],
    });
    const later = { name: 'later', resting: [{ id: 'a' }] };
    expect(routeOf(wanted('answer'), models, standing({ resting: a, failed: new Set(['b']) }))).toMatchObject(
      later,
    );
    expect(routeOf(wanted('answer'), models, standing({ resting: a, away: new Set(['b']) }))).toMatchObject({
      model: { id: 'b' },
    });
    expect(routeOf(wanted('answer'), [model('a')], standing({ resting: a }))).toMatchObject(later);
    expect(routeOf(wanted('answer'), [model('a', [])], standing({ resting: a }))).toMatchObject({
      name: 'none',
    });
  });

  it('is one that was not there rather than one that failed', () => {
    const models = [model('a'), model('b')];
    const seen = standing({ failed: new Set(['a']), away: new Set(['b']) });
    expect(routeOf(wanted('answer'), models, seen)).toMatchObject({ model: { id: 'b' } });
  });

  it('is none where none passed, or none was added', () => {
    const fault = { code: 'MODEL_NONE_FITS', data: { kind: 'plan', count: 1 } };
    expect(routeOf(wanted('plan'), [model('a', ['summary'])], none)).toMatchObject({ name: 'none', fault });
    expect(routeOf(wanted('plan'), [], none)).toMatchObject({ name: 'none' });
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
