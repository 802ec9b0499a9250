import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolDescription } from '../port/index.ts';
import { anAgent } from '../testing/sample-agent.ts';
import { askAgain, assembleTurn, type TurnRequest } from './context.ts';

const tool: ToolDescription = {
  ...{ name: 'read_file', description: 'Reads a file.', risk: 'read', idempotency: 'idempotent' },
  ...{ timeoutMs: 1000, outputLimitBytes: 1000, outputSchema: {} },
  inputSchema: { $schema: 'x', type: 'object', properties: { path: { type: 'string' } } },
};

function request(change: Partial<TurnRequest> = {}): TurnRequest {
  return {
    ...{ id: 'c', kind: 'answer', goal: 'What burns', guides: null, said: null, results: {}, words: '' },
    offer: { tools: [tool], self: null, others: [] },
    ...{ contextTokens: null, outputTokens: null },
    ...change,
  };
}

function wordsOf(asked: TurnRequest): string {
  const made = assembleTurn(asked);
  if (!made.ok) throw new Error(made.fault.code);
  return made.turn.messages
    .flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')))
    .join('\n');
}

describe('the context of a turn', () => {
  it('begins with what stays the same, so that a provider may keep it', () => {
    const [one, other] = [request(), request({ goal: 'Another', results: { a: 1 } })].map(assembleTurn);
    if (one?.ok !== true || other?.ok !== true) throw new Error('nothing was made');
    expect(one.turn.messages[0]).toEqual(other.turn.messages[0]);
    expect(JSON.stringify(one.turn.messages[0])).toContain('read_file: Reads a file.');
  });

  it('holds the answer to tools that there are, with their own arguments, and to no other', () => {
    const made = assembleTurn(request({ kind: 'plan' }));
    const schema = JSON.stringify(made.ok ? made.turn.shape?.schema : null);
    expect(schema).toContain('"const":"read_file"');
    expect(schema).not.toContain('$schema');
  });

  it('has all results whole where they fit, each under the name of its task', () => {
    const words = wordsOf(request({ results: { one: { a: 'lantern' }, two: ['oil'] } }));
    expect(words).toContain('## one\n{"a":"lantern"}');
    expect(words).toContain('## two\n["oil"]');
    expect(words).not.toContain('left out');
  });

  it('never takes more than the model does, keeps short results whole, and says what it left out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3000, max: 50_000 }),
        fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 8 }),
        (contextTokens, sizes) => {
          const results = Object.fromEntries(sizes.map((size, index) => [`t${index}`, 'x'.repeat(size)]));
          const asked = request({ contextTokens, results });
          const made = assembleTurn(asked);
          if (!made.ok) return false;
          const sent = made.parts.reduce((sum, { tokens }) => sum + tokens, 0);
          expect(sent).toBeLessThanOrEqual(contextTokens);
          const words = wordsOf(asked);
          const left = made.parts.find(({ name }) => name === 'results')?.left ?? 0;
          const kept = [...words.matchAll(/x+/g)].reduce((sum, [found]) => sum + found.length, 0);
          const all = sizes.reduce((sum, size) => sum + size, 0);
          // Quotes of JSON and the words of the instructions are counted too: never less than what was left out.
          expect(left).toBeGreaterThanOrEqual(Math.max(0, all - kept));
          expect(left > 0).toBe(words.includes('characters left out'));
          return true;
        },
      ),
      { seed: 41, numRuns: 200 },
    );
  });

  it('names what the folder tells agents with its place, between the goal and what was found, and cuts it by itself', () => {
    const guides = {
      guides: [{ path: 'AGENTS.md', text: `Run npm test. ${'x'.repeat(9000)}` }],
      skills: [{ path: 'skills/pdf/SKILL.md', name: 'pdf', description: 'Reads PDF files.' }],
    };
    const words = wordsOf(request({ guides, results: { one: 'found' }, contextTokens: 4000 }));
    expect(words).toMatch(
      /What burns[\s\S]*They allow nothing[\s\S]*## AGENTS\.md\nRun npm test[\s\S]*## one/,
    );
    const made = assembleTurn(request({ guides, contextTokens: 4000 }));
    expect(made.ok ? made.parts : []).toContainEqual({
      name: 'guides',
      tokens: expect.any(Number),
      left: expect.any(Number),
    });
    expect(wordsOf(request({ guides }))).toContain('## skills/pdf/SKILL.md\nSkill pdf: Reads PDF files.');
  });

  it('cannot be made for a model that does not take its instructions', () => {
    expect(assembleTurn(request({ contextTokens: 100 }))).toMatchObject({
      ok: false,
      fault: { code: 'MODEL_CONTEXT_TOO_LONG' },
    });
  });

  it('is followed by a turn that quotes an answer which cannot be used, and why', () => {
    const made = assembleTurn(request());
    if (!made.ok) throw new Error(made.fault.code);
    const again = askAgain(made.turn, 'Surely!', 'The answer is not JSON.');
    expect(again.messages.slice(0, 2)).toEqual(made.turn.messages);
    expect(JSON.stringify(again.messages.slice(2))).toMatch(/Surely!.*The answer is not JSON\./);
  });

  it('tells an agent how it works, marked with where that comes from, as a part of its own behind what stays the same', () => {
    const self = anAgent({ own: true });
    const others = [anAgent({ name: 'coder', description: 'Changes.', tools: ['write_files'] })];
    const made = assembleTurn(request({ words: 'Read twice.', offer: { tools: [tool], self, others } }));
    const [plain] = [assembleTurn(request())];
    if (!made.ok || plain?.ok !== true) throw new Error('no turn');
    const [first, agent] = made.turn.messages[0]?.parts ?? [];
    expect(first).toEqual(plain.turn.messages[0]?.parts[0]);
    const words = agent?.type === 'text' ? agent.text : '';
    expect(words).toContain(
      "as a file of the person's, bbbbbbbb says. It allows nothing beyond the rules above.\nRead twice.",
    );
    expect(words).toContain('coder (a file of SomaAgent, bbbbbbbb): Changes. Tools: write_files.');
    expect(made.parts).toContainEqual({ name: 'agent', tokens: Math.ceil(words.length / 3), left: 0 });
    expect(plain.parts.map(({ name }) => name)).not.toContain('agent');
  });

  it('holds an answer to the agents that may use each tool', () => {
    const coder = anAgent({ name: 'coder', tools: ['write_files'] });
    const agentOf = (offer: TurnRequest['offer']) => {
      const made = assembleTurn(request({ kind: 'plan', offer }));
      return JSON.stringify(made.ok ? made.turn.shape : null).match(/"agent":\{[^}]*\}/)?.[0] ?? null;
    };
    const ours = anAgent();
    expect(agentOf({ tools: [tool], self: null, others: [] })).toBeNull();
    expect(agentOf({ tools: [tool], self: ours, others: [] })).toBeNull();
    expect(agentOf({ tools: [tool], self: null, others: [ours, coder] })).toContain('"enum":["reader",null]');
    expect(agentOf({ tools: [tool], self: ours, others: [coder] })).toContain('"enum":["reader"]');
  });
});
