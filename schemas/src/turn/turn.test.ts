import { describe, expect, it } from 'vitest';
import {
  Abilities,
  Catalogue,
  TURN_LIMITS,
  Turn,
  TurnAnswer,
  UNKNOWN_ABILITIES,
  UNKNOWN_USAGE,
} from './index.ts';

const turn: Turn = {
  id: 't1',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
  ...{ tools: [], choice: 'auto', shape: null, temperature: null, limits: TURN_LIMITS },
};

describe('a turn', () => {
  it('is taken as it is written', () => {
    expect(Turn.parse(turn)).toEqual(turn);
  });

  it.each([
    ['nothing said', { messages: [] }],
    ['a message of nothing', { messages: [{ role: 'user', parts: [] }] }],
    [
      'a picture in what the model said',
      { messages: [{ role: 'assistant', parts: [{ type: 'image', mediaType: 'image/png', base64: '' }] }] },
    ],
    [
      'a picture that is no base64',
      { messages: [{ role: 'user', parts: [{ type: 'image', mediaType: 'image/png', base64: '<>' }] }] },
    ],
    [
      'a tool with a name that no provider takes',
      { tools: [{ name: 'read file@1', description: '', input: {} }] },
    ],
    ['no limit of time', { limits: { ...TURN_LIMITS, totalMs: 0 } }],
    ['more chance than there is', { temperature: 3 }],
  ])('is none with %s', (_, change) => {
    expect(Turn.safeParse({ ...turn, ...change }).success).toBe(false);
  });
});

describe('an answer', () => {
  const message = { role: 'assistant', parts: [] };

  it('may know nothing of what it used, and never less than nothing', () => {
    const answer = { ok: true, message, finish: 'unknown', usage: UNKNOWN_USAGE, model: null };
    expect(TurnAnswer.parse(answer)).toEqual(answer);
    expect(TurnAnswer.safeParse({ ...answer, usage: { ...UNKNOWN_USAGE, input: -1 } }).success).toBe(false);
  });

  it('that failed says whether somebody may charge for it', () => {
    const fault = { code: 'MODEL_ANSWER_CUT', data: {}, retry: { when: 'now' } };
    const answer = { ok: false, fault, message, usage: UNKNOWN_USAGE };
    expect(TurnAnswer.safeParse(answer).success).toBe(false);
    expect(TurnAnswer.safeParse({ ...answer, charged: 'unknown' }).success).toBe(true);
  });
});

describe('what a model can do', () => {
  it('is said of every ability, if only that it is not known', () => {
    expect(Abilities.parse(UNKNOWN_ABILITIES)).toEqual(UNKNOWN_ABILITIES);
    const { tools: _, ...rest } = UNKNOWN_ABILITIES;
    expect(Abilities.safeParse(rest).success).toBe(false);
  });

  it('stands in a catalogue once a model', () => {
    const entry = {
      ...{ endpoint: 'other', model: 'm', contextTokens: null, outputTokens: null, licence: null },
      ...{ price: { input: null, output: null, cached: null }, abilities: UNKNOWN_ABILITIES },
      source: { name: 'a page', read: '2026-11-21' },
    };
    expect(Catalogue.safeParse({ version: 1, models: [entry] }).success).toBe(true);
    expect(Catalogue.safeParse({ version: 1, models: [entry, entry] }).success).toBe(false);
    expect(Catalogue.safeParse({ version: 1, models: [{ ...entry, contextTokens: 0 }] }).success).toBe(false);
  });
});
