import type { TurnDelta } from '@soma/schemas/delta';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunksOf, type Quirks, type Said } from '../../testing/endpoint-script.ts';
import { Accumulator } from './accumulate.ts';

const word = fc.stringMatching(/^[a-zé日]{1,6}$/);
const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
const call = fc.record({
  name: fc.constantFrom('read', 'search'),
  pieces: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => ['{"q":"', ...words, '"}']),
});
const optional = <Value>(...values: readonly Value[]) => fc.constantFrom(undefined, ...values);
/** Every way in which calls can still be told apart. */
const quirks: fc.Arbitrary<Quirks> = fc.record({
  role: optional<Quirks['role']>('missing', 'null', 'every'),
  toolIndex: optional<Quirks['toolIndex']>('missing', 'always-0'),
  toolId: optional<Quirks['toolId']>('every'),
  toolName: optional<Quirks['toolName']>('after-input', 'every'),
  input: optional<Quirks['input']>('value'),
  content: optional<Quirks['content']>('parts'),
  reasoning: optional<Quirks['reasoning']>('reasoning', 'thinking'),
  usage: optional<Quirks['usage']>('missing', 'in-last-choice', 'x-groq', 'every', 'text'),
  finish: optional<Quirks['finish']>('eos', 'stop-with-tools'),
});
const said: fc.Arbitrary<Said> = fc
  .record({ text, reasoning: text, calls: fc.array(call, { maxLength: 3 }), quirks })
  .map(({ calls, ...rest }) => ({ ...rest, calls: calls.map((one, at) => ({ id: `call_${at}`, ...one })) }));

function accumulated(script: Said) {
  const deltas: TurnDelta[] = [];
  const answer = new Accumulator('t', (delta) => deltas.push(delta));
  for (const chunk of chunksOf(script, { prompt: 3, model: 'm' })) expect(answer.take(chunk)).toBe(true);
  return { answer, deltas };
}

describe('an answer out of chunks', () => {
  it('is the same whatever ways of endpoints come together', () => {
    fc.assert(
      fc.property(said, (script) => {
        const { answer } = accumulated(script);
        const { text: words = '', reasoning = '', calls = [] } = script;
        expect(answer.message.parts).toEqual([
          ...(reasoning === '' ? [] : [{ type: 'reasoning', text: reasoning }]),
          ...(words === '' ? [] : [{ type: 'text', text: words }]),
          ...calls.map(({ id, name, pieces }) => ({
            ...{ type: 'tool-call', call: id, tool: name, input: pieces.join('') },
          })),
        ]);
        expect(answer.finish).toBe(calls.length > 0 ? 'tool-calls' : 'stop');
        expect(answer.usage.input).toBe(script.quirks?.usage === 'missing' ? null : 3);
      }),
      { numRuns: 300 },
    );
  });

  it('is what its deltas make, one after the other', () => {
    fc.assert(
      fc.property(said, (script) => {
        const { answer, deltas } = accumulated(script);
        const told = new Map<string, string>();
        for (const delta of deltas) {
          const key = delta.type === 'tool-input' ? `${delta.call} ${delta.tool}` : delta.type;
          told.set(key, (told.get(key) ?? '') + delta.text);
        }
        const kept = answer.message.parts.map((part) =>
          part.type === 'tool-call' ? [`${part.call} ${part.tool}`, part.input] : [part.type, part.text],
        );
        expect([...told]).toEqual(kept);
      }),
    );
  });

  it('takes whatever comes for a chunk without falling over', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.jsonValue(), (chunks, inner) => {
        const answer = new Accumulator('t', () => undefined);
        for (const chunk of [...chunks, { choices: [{ delta: inner, finish_reason: inner }], usage: inner }])
          answer.take(chunk);
        expect(answer.message.role).toBe('assistant');
      }),
    );
  });

  it('counts calls without an input towards its size, so that they end too', () => {
    const answer = new Accumulator('t', () => undefined);
    for (let index = 0; index < 50; index += 1)
      answer.take({ choices: [{ delta: { tool_calls: [{ index, function: { name: 'a' } }] } }] });
    expect(answer.size).toBeGreaterThanOrEqual(5000);
  });
});
