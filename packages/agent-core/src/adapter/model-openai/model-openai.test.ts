import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askIt, modelAt, turnOf } from '../../testing/asked-model.ts';
import type { Quirks, ScriptedCall } from '../../testing/endpoint-script.ts';
import { ScriptedEndpoint } from '../../testing/scripted-endpoint.ts';
import { QUIRKS } from './quirks.table.ts';

let endpoint: ScriptedEndpoint;
beforeEach(async () => {
  endpoint = await new ScriptedEndpoint().open();
});
afterEach(async () => {
  await endpoint.close();
});

const search: ScriptedCall = { id: 'call_a', name: 'search', pieces: ['{"q"', ':"ri', 'ver"}'] };
const read: ScriptedCall = { id: 'call_b', name: 'read', pieces: ['{"path":', '"a.md"}'] };
const tools = ['search', 'read'].map((name) => ({ name, description: name, input: { type: 'object' } }));
describe('a turn with tools', () => {
  const ways: readonly Quirks[] = [
    {},
    { toolIndex: 'missing' },
    { toolIndex: 'always-0' },
    { toolId: 'every' },
    { toolName: 'every' },
    { toolName: 'after-input' },
    { input: 'value' },
    { finish: 'stop-with-tools' },
    { role: 'missing', toolIndex: 'missing', usage: 'missing' },
    { whole: true },
  ];

  it.each(ways)('has every call whole and apart with %j', async (quirks) => {
    endpoint.scripts.push({ text: 'Let me look.', calls: [search, read], quirks });
    const { answer, told, kept } = await askIt(modelAt(endpoint), turnOf('Where?', { tools }));
    expect(answer).toMatchObject({ ok: true, finish: 'tool-calls' });
    expect(kept).toEqual({
      ...{ text: 'Let me look.', reasoning: '' },
      calls: [
        { call: 'call_a', tool: 'search', input: '{"q":"river"}' },
        { call: 'call_b', tool: 'read', input: '{"path":"a.md"}' },
      ],
    });
    expect(told).toEqual(kept);
  });

  it('names calls that come without a name of their own, each its own', async () => {
    endpoint.scripts.push({ calls: [search, read], quirks: { toolId: 'missing', toolIndex: 'missing' } });
    const { kept } = await askIt(modelAt(endpoint), turnOf('Where?', { tools }));
    expect(kept.calls.map(({ call, tool }) => [call, tool])).toEqual([
      ['t1.1', 'search'],
      ['t1.2', 'read'],
    ]);
    endpoint.scripts.push({ calls: [search, { ...read, id: 'call_a' }] });
    const again = await askIt(modelAt(endpoint), turnOf('Where?', { tools }));
    expect(new Set(again.kept.calls.map(({ call }) => call)).size).toBeLessThanOrEqual(2);
  });

  it('leaves out a call that was cut before its tool was named', async () => {
    const quirks = { toolName: 'after-input', role: 'missing' } as const;
    endpoint.scripts.push({ calls: [search], quirks, break: { after: 1, how: 'end' } });
    const { answer, deltas } = await askIt(modelAt(endpoint), turnOf('Where?', { tools }));
    expect(answer).toMatchObject({ ok: false, fault: { code: 'MODEL_ANSWER_CUT' }, message: { parts: [] } });
    expect(deltas).toEqual([]);
  });
});

describe('a turn that reasons', () => {
  it.each(['reasoning_content', 'reasoning', 'thinking'] as const)('keeps it apart as %s', async (field) => {
    endpoint.scripts.push({ reasoning: 'Rivers flow.', text: 'Yes.', quirks: { reasoning: field } });
    const { kept, told, answer } = await askIt(modelAt(endpoint), turnOf('Does it flow?'));
    expect(kept).toEqual({ reasoning: 'Rivers flow.', text: 'Yes.', calls: [] });
    expect(told).toEqual(kept);
    expect(answer.usage.reasoning).toBe(2);
  });
});

describe('an answer in its own way', () => {
  const ways: readonly Quirks[] = [
    { comments: true },
    { lines: '\r\n' },
    { done: 'missing' },
    { done: 'missing', tail: 'open' },
    { content: 'parts' },
    { finish: 'eos' },
    { whole: true },
    { type: 'text/plain' },
    { type: 'application/json' },
  ];

  it.each(ways)('is the same answer with %j', async (quirks) => {
    endpoint.scripts.push({ text: 'It flows to the sea.', quirks });
    const { answer, kept } = await askIt(modelAt(endpoint), turnOf('Where to?'));
    expect(kept.text).toBe('It flows to the sea.');
    expect(answer).toMatchObject({
      ok: true,
      finish: 'stop',
      model: 'scripted-1',
      usage: { input: 2, output: 5 },
    });
  });

  it('that never says why it stopped is whole when it says that it is done', async () => {
    endpoint.scripts.push({ text: 'Yes.', quirks: { finish: 'missing' } });
    expect((await askIt(modelAt(endpoint), turnOf('?'))).answer).toMatchObject({
      ok: true,
      finish: 'unknown',
    });
    endpoint.scripts.push({ text: 'Yes.', quirks: { finish: 'missing', done: 'missing', usage: 'missing' } });
    const { answer } = await askIt(modelAt(endpoint), turnOf('?'));
    expect(answer).toMatchObject({ ok: false, fault: { code: 'MODEL_ANSWER_CUT' } });
  });

  it('that keeps its line open after the end is not waited for', async () => {
    endpoint.scripts.push({ text: 'Yes.', break: { after: 3, how: 'silence' } });
    const { answer, tookMs } = await askIt(modelAt(endpoint), turnOf('?', { limits: { silentMs: 300 } }));
    expect(answer).toMatchObject({ ok: true, finish: 'stop', usage: { output: null } });
    expect(tookMs).toBeLessThan(2500);
  });

  it('that was kept from going on says so', async () => {
    endpoint.scripts.push({ text: 'I', finish: 'content_filter', dollars: 0.002 });
    const { answer } = await askIt(modelAt(endpoint), turnOf('?'));
    expect(answer).toMatchObject({ ok: true, finish: 'filtered', usage: { dollars: 0.002 } });
  });

  it('that fails after it counted may be charged for', async () => {
    const quirks = { usage: 'every' } as const;
    endpoint.scripts.push({ text: 'one two three', quirks, break: { after: 2, how: 'reset' } });
    const { answer } = await askIt(modelAt(endpoint), turnOf('?'));
    expect(answer).toMatchObject({ ok: false, charged: 'yes', usage: { output: 3 } });
  });

  it('that is JSON of something else is no answer', async () => {
    endpoint.scripts.push({ text: 'one two', break: { after: 2, how: 'strange' } });
    const { answer, kept } = await askIt(modelAt(endpoint), turnOf('?'));
    expect(answer).toMatchObject({
      ok: false,
      fault: { code: 'MODEL_ANSWER_INVALID', data: { reason: 'shape' } },
    });
    expect(kept.text).toBe('one');
  });
});

describe('the table of quirks', () => {
  it('says of each who was seen to have it, and where that was read', () => {
    expect(new Set(QUIRKS.map(({ quirk }) => quirk)).size).toBe(QUIRKS.length);
    for (const { seen, source } of QUIRKS) {
      expect(seen).toMatch(/[A-Za-z]{3}/);
      expect(source).toMatch(/#\d+|npm [a-z-]+ \d|\.[a-z]+\/|[a-z]+\/[a-z.]+/);
    }
  });
});
