import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolDescription } from '../port/index.ts';
import { anAgent } from '../testing/sample-agent.ts';
import { readAnswer } from './read-answer.ts';

function aTool(name: string): ToolDescription {
  return {
    ...{ name, description: name, risk: 'read', idempotency: 'idempotent' },
    ...{ timeoutMs: 1000, outputLimitBytes: 1000, outputSchema: {} },
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { path: { type: 'string', minLength: 1 }, limit: { type: 'integer' } },
      required: ['path'],
      additionalProperties: false,
    },
  };
}
const tools = [aTool('read_file'), aTool('list_files')];
const task = { id: 'a', title: 'A', tool: 'read_file', arguments: { path: 'x' }, after: [] };

function plan(...tasks: readonly unknown[]) {
  return readAnswer('plan', JSON.stringify({ tasks }), { tools, self: null, others: [] });
}

describe('an answer of a model', () => {
  it('is taken as it stands where it fits', () => {
    expect(plan(task)).toEqual({ ok: true, answer: { tasks: [task] }, repairs: [] });
  });

  it.each([
    ['a tool that there is not', { ...task, tool: 'read' }, /tasks\[0\]\.tool: there is no tool "read"/],
    ['an argument of another kind', { ...task, arguments: { path: 7 } }, /tasks\[0\]\.arguments\.path/],
    ['an argument that is missing', { ...task, arguments: {} }, /tasks\[0\]\.arguments\.path/],
    [
      'an argument that its tool does not know',
      { ...task, arguments: { path: 'x', evil: 1 } },
      /tasks\[0\]\.arguments.*evil/,
    ],
    ['a task that needs one after it', { ...task, after: ['b'] }, /tasks\[0\]\.after: "b" is no task before/],
    ['a field that nobody asked for', { ...task, run: 'now' }, /tasks\[0\].*run/],
    ['no title', { ...task, title: ' ' }, /tasks\[0\]\.title/],
  ])('is refused with %s, and says where', (_, wrong, why) => {
    const read = plan(wrong);
    expect(read.ok ? '' : read.why).toMatch(why);
  });

  it('is refused with two tasks of one name', () => {
    const read = plan(task, task);
    expect(read).toEqual({ ok: false, why: 'tasks[1].id: another task has it.' });
  });

  it('is refused where it is no JSON, or cut', () => {
    for (const text of ['', 'I cannot do that.', '{"tasks":[{"id":"a"', '[1,2]', '"tasks"'])
      expect(readAnswer('plan', text, { tools, self: null, others: [] }).ok).toBe(false);
  });

  it('has path, line and quote together or not at all', () => {
    const line = { text: 'T', path: 'a', line: null, quote: null };
    const read = readAnswer('answer', JSON.stringify({ lines: [line], missing: null, tasks: [] }), {
      tools,
      self: null,
      others: [],
    });
    expect(read.ok ? '' : read.why).toContain('lines[0]: path, line and quote belong together');
  });

  it('has names mended together with what needs them, and only where no two become one', () => {
    const read = plan({ ...task, id: 'First One' }, { ...task, id: '2nd', after: ['First One'] });
    expect(read).toMatchObject({
      ok: true,
      answer: { tasks: [{ id: 'first-one' }, { id: 'task-2nd', after: ['first-one'] }] },
      repairs: ['task-name'],
    });
    expect(plan({ ...task, id: 'A B' }, { ...task, id: 'A-B' }).ok).toBe(false);
  });

  it('keeps every text as it was while commas are mended', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (title) => {
        fc.pre(title.trim() !== '' && title.length <= 200);
        const text = JSON.stringify({ tasks: [{ ...task, title }] }).replace(/\}\]\}$/, '},],}');
        const read = readAnswer('plan', text, { tools, self: null, others: [] });
        expect(read).toMatchObject({ ok: true, answer: { tasks: [{ title: title.trim() }] } });
      }),
      { seed: 7 },
    );
  });

  it('is read in a moment however it is meant to be long, such as a text that never closes', () => {
    const open = `{"${'\\"'.repeat(400_000)}}`;
    expect(readAnswer('plan', open, { tools, self: null, others: [] })).toEqual({
      ok: false,
      why: 'The answer is not JSON.',
    });
  });

  it('is refused or taken, and nothing else, whatever the text is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const kind of ['plan', 'answer', 'summary'] as const)
          expect(typeof readAnswer(kind, text, { tools, self: null, others: [] }).ok).toBe('boolean');
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('whose task it is', () => {
  const reader = anAgent({ tools: ['read_file'] });
  const lister = anAgent({ name: 'lister', tools: ['list_files'] });
  const both = anAgent({ name: 'both', tools: ['list_files', 'read_file'] });
  const read = (
    tasks: readonly unknown[],
    self: typeof reader | null,
    ...others: readonly (typeof reader)[]
  ) => readAnswer('plan', JSON.stringify({ tasks }), { tools, self, others });
  const listing = { ...task, tool: 'list_files' };

  it('stands in the answer, and may be nobody where nobody asks', () => {
    const given = { ...task, agent: 'reader' };
    expect(read([given], null, reader)).toEqual({ ok: true, answer: { tasks: [given] }, repairs: [] });
    expect(read([{ ...task, agent: null }], null, reader)).toMatchObject({ ok: true, repairs: [] });
  });

  it('is refused where there is no such agent, or it may not use the tool, quoting who there is', () => {
    expect(read([{ ...task, agent: 'writer' }], null, reader, lister)).toEqual({
      ok: false,
      why: 'tasks[0].agent: there is no agent "writer". There are: reader, lister.',
    });
    expect(read([{ ...listing, agent: 'reader' }], null, reader, lister, both)).toEqual({
      ok: false,
      why: 'tasks[0].agent: reader may not use list_files. These may: lister, both.',
    });
    expect(read([listing], reader, lister, both)).toMatchObject({
      ok: false,
      why: expect.stringMatching(/reader may not use list_files/),
    });
    expect(read([listing], reader)).toMatchObject({
      ok: false,
      why: expect.stringMatching(/reader may not use list_files/),
    });
    expect(read([{ ...task, agent: 'writer' }], null)).toMatchObject({
      ok: false,
      why: expect.stringMatching(/no agent "writer"\.$/),
    });
  });

  it('is mended where only one can be meant', () => {
    const meant = { ok: true, answer: { tasks: [{ agent: 'lister' }] }, repairs: ['agent-name'] };
    expect(read([listing], reader, lister)).toMatchObject(meant);
    expect(read([{ ...listing, agent: 'Lister' }], null, reader, lister)).toMatchObject(meant);
  });

  it('is never one that may not use its tool, whatever a model says', () => {
    const agents = [reader, lister, both];
    const name = fc.constantFrom('reader', 'lister', 'both', 'READER', 'nobody', null, undefined);
    const tool = fc.constantFrom('read_file', 'list_files', 'read file');
    fc.assert(
      fc.property(
        fc.array(fc.record({ agent: name, tool }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(null, reader, lister),
        (asked, self) => {
          const made = asked.map((one, index) => ({ ...task, ...one, id: `t${index}` }));
          const answer = read(made, self, ...agents);
          if (!answer.ok || !('tasks' in answer.answer)) return;
          for (const one of answer.answer.tasks) {
            const whose = one.agent ?? self?.name ?? null;
            const agent = agents.find((each) => each.name === whose);
            expect(whose === null || agent?.tools.includes(one.tool)).toBe(true);
          }
        },
      ),
    );
  });
});
