import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ToolDescription } from '../port/index.ts';
import { loadPlan } from './load.ts';

function described(name: string, risk: ToolDescription['risk']): ToolDescription {
  return {
    name,
    description: name,
    risk,
    idempotency: 'idempotent',
    timeoutMs: 1,
    outputLimitBytes: 1,
    inputSchema: {},
    outputSchema: {},
  };
}

const TOOLS = new Map(
  ['list_files', 'find_facts', 'map_imports', 'outline_files', 'search_files'].map(
    (name) => [name, described(name, 'read')] as const,
  ),
);
const WITH_WRITE = new Map([...TOOLS, ['write_file', described('write_file', 'write')] as const]);

const TASK = { id: 'one', title: 'One', tool: 'list_files' };
const PLAN = {
  schema: 'packaged-plan.v1',
  name: 'a-plan',
  version: '1.0.0',
  title: 'A plan',
  description: 'For the test.',
  examples: ['do it'],
  rights: ['read'],
  tasks: [TASK],
};

function problem(change: object): unknown {
  const loaded = loadPlan(stringify({ ...PLAN, ...change }), WITH_WRITE);
  return loaded.ok ? null : loaded.fault;
}

describe('the agents of a plan', () => {
  const agents = {
    toolsOf: (name: string) => (name === 'reader' ? ['list_files'] : null),
    names: () => ['reader'],
  };
  const faultsOf = (task: object) => {
    const loaded = loadPlan(stringify({ ...PLAN, tasks: [{ ...TASK, ...task }] }), TOOLS, agents);
    return loaded.ok ? [] : loaded.faults;
  };

  it('are those there are, and may use the tools of their tasks', () => {
    expect(faultsOf({ agent: 'reader' })).toEqual([]);
    const next = { tasks: 'result', rounds: 1 };
    expect(faultsOf({ next: { ...next, agents: 'all' } })).toEqual([]);
    expect(faultsOf({ next: { ...next, agents: ['reader'] } })).toEqual([]);
  });

  it('that are not there, or may not use their task’s tool, are told with the line', () => {
    const unknown = { code: 'AGENT_UNKNOWN', data: { agent: 'writer', known: ['reader'], line: 14 } };
    expect(faultsOf({ agent: 'writer' })).toMatchObject([unknown]);
    const data = { agent: 'reader', tool: 'find_facts', line: 14 };
    expect(faultsOf({ tool: 'find_facts', agent: 'reader' })).toMatchObject([
      { code: 'AGENT_TOOL_DENIED', data },
    ]);
    const next = { tasks: 'result', rounds: 1, agents: ['reader', 'writer'] };
    expect(faultsOf({ next })).toMatchObject([{ ...unknown, data: { ...unknown.data, line: 19 } }]);
  });

  it('are not looked at in a plan that a run follows already', () => {
    expect(loadPlan(stringify({ ...PLAN, tasks: [{ ...TASK, agent: 'gone' }] }), TOOLS).ok).toBe(true);
  });
});

describe('everything that is wrong with a plan', () => {
  const faultsOf = (source: string) => {
    const loaded = loadPlan(source, WITH_WRITE);
    return loaded.ok ? [] : loaded.faults.map(({ code, data }) => ({ code, ...data }));
  };

  it('is told at once, each fault with its line', () => {
    const source = `schema: packaged-plan.v1
name: A Plan
version: 1.0.0
title: A plan
examples: [do it]
rights: [read]
tasks:
  - id: one
    title: One
    tool: list_files
    claim: []
`;
    expect(faultsOf(source)).toMatchObject([
      { line: 1, what: 'description', why: 'missing' },
      { line: 2, what: 'name', why: 'form' },
      { line: 11, what: 'tasks.0.claim', why: 'unknown' },
    ]);
  });

  it('names the line of a task, a tool and an expression', () => {
    const source = `schema: packaged-plan.v1
name: a-plan
version: 1.0.0
title: A plan
description: For the test.
examples: [do it]
rights: [read]
tasks:
  - id: one
    title: One
    tool: format_disk
    arguments:
      deep:
        - "=$sum("
  - id: two
    title: Two
    tool: write_file
    after: [none]
`;
    expect(faultsOf(source)).toMatchObject([
      { code: 'TOOL_UNKNOWN', tool: 'format_disk', line: 11 },
      { code: 'PLAN_INVALID', expression: '$sum(', line: 14 },
      { code: 'PLAN_INVALID', where: 'rights', line: 17 },
      { code: 'PLAN_INVALID', where: 'order', line: 18 },
    ]);
  });

  it('is where the file stops being YAML', () => {
    expect(faultsOf('schema: packaged-plan.v1\nname: [a\ntitle: b\n')).toMatchObject([
      { where: 'yaml', line: 3 },
    ]);
  });
});

describe('loading a plan', () => {
  it('takes one that is whole', () => {
    expect(problem({})).toBeNull();
  });

  it.each<[string, object, object]>([
    [
      'a wrong shape, naming the place',
      { version: 'one' },
      { code: 'PLAN_INVALID', data: { where: 'shape', what: 'version' } },
    ],
    [
      'a place deep inside',
      { tasks: [{ ...TASK, claims: [{ id: 'x' }] }] },
      { code: 'PLAN_INVALID', data: { where: 'shape', what: 'tasks.0.claims.0.kind' } },
    ],
    ['no tasks', { tasks: [] }, { code: 'PLAN_INVALID', data: { what: 'tasks' } }],
    [
      'two tasks of one name',
      { tasks: [TASK, TASK] },
      { code: 'PLAN_INVALID', data: { where: 'task-twice' } },
    ],
    [
      'a task after itself',
      { tasks: [{ ...TASK, after: ['one'] }] },
      { code: 'PLAN_INVALID', data: { where: 'order', what: 'one' } },
    ],
    [
      'tasks after each other',
      {
        tasks: [
          { ...TASK, after: ['two'] },
          { ...TASK, id: 'two', after: ['one'] },
        ],
      },
      { code: 'PLAN_INVALID', data: { where: 'order' } },
    ],
    [
      'a task after one that is missing',
      { tasks: [{ ...TASK, after: ['none'] }] },
      { code: 'PLAN_INVALID', data: { where: 'order', what: 'one' } },
    ],
    [
      'a tool that nobody has',
      { tasks: [{ ...TASK, tool: 'format_disk' }] },
      { code: 'TOOL_UNKNOWN', data: { tool: 'format_disk' } },
    ],
    [
      'a tool that may do more than the rights say',
      { tasks: [{ ...TASK, tool: 'write_file' }] },
      { code: 'PLAN_INVALID', data: { where: 'rights', what: 'write_file' } },
    ],
    [
      'a card without the right to the board',
      { tasks: [{ ...TASK, artifact: { title: 'T', icon: 'i' } }] },
      { code: 'PLAN_INVALID', data: { where: 'rights', what: 'one' } },
    ],
    [
      'an expression that cannot be read',
      {
        tasks: [
          {
            ...TASK,
            claims: [{ id: 'c', kind: 'quoted', each: '(', text: 't', path: 'p', line: 'l', quote: 'q' }],
          },
        ],
      },
      { code: 'PLAN_INVALID', data: { expression: '(' } },
    ],
    [
      'offers that cannot be read',
      { rights: ['read', 'board'], tasks: [{ ...TASK, artifact: { title: 'T', icon: 'i', offers: '[{' } }] },
      { code: 'PLAN_INVALID', data: { expression: '[{' } },
    ],
    [
      'an argument that cannot be read',
      { tasks: [{ ...TASK, arguments: { a: [{ b: '=$foo(' }] } }] },
      { code: 'PLAN_INVALID', data: { expression: '$foo(' } },
    ],
  ])('refuses %s', (_name, change, fault) => {
    expect(problem(change)).toMatchObject(fault);
  });

  it.each<[string, string]>([
    ['no YAML', 'a: [b'],
    ['nothing', ''],
    ['another document', '- 1\n- 2\n'],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${`*${'abcdefghi'[i]},`.repeat(9)}]`).join('\n')}\n`,
    ],
    ['too much', `# ${'x'.repeat(500_001)}`],
    ['depth without end', '['.repeat(20_000)],
  ])('refuses %s in place of a plan', (_name, source) => {
    const loaded = loadPlan(source, TOOLS);
    expect(loaded.ok ? null : loaded.fault.code).toBe('PLAN_INVALID');
  });
});

describe('the other ways of a plan', () => {
  const QUOTED = {
    claims: [{ id: 'c', kind: 'quoted', each: 'a', text: 'a', path: 'a', line: 'a', quote: 'a' }],
    checks: ['quoted'],
  };
  const other = (id: string, change: object = {}) => ({ ...TASK, id, ...change });

  it('are taken: several for one task, with tasks of their own between them, one after another', () => {
    const tasks = [
      { ...TASK, ...QUOTED, otherwise: ['two', 'three'], enough: '$count(result.files) > 0' },
      other('two', { otherwise: ['four'] }),
      other('three', { after: ['two'] }),
      other('four'),
      other('last', { after: ['one'] }),
    ];
    expect(problem({ tasks })).toBeNull();
  });

  it.each([
    ['name a task there is not', [{ ...TASK, otherwise: ['two'] }], { why: 'unknown', what: 'two' }],
    [
      'are those of two tasks',
      [{ ...TASK, otherwise: ['three'] }, other('two', { otherwise: ['three'] }), other('three')],
      { why: 'twice', what: 'three' },
    ],
    [
      'are named twice',
      [{ ...TASK, otherwise: ['two', 'two'] }, other('two')],
      { why: 'twice', what: 'two' },
    ],
    [
      'come round to themselves',
      [TASK, other('two', { otherwise: ['three'] }), other('three', { otherwise: ['two'] })],
      { why: 'circle', what: 'two' },
    ],
    [
      'are needed by one that may begin without them',
      [{ ...TASK, otherwise: ['two'] }, other('two'), other('three', { after: ['two'] })],
      { why: 'needed', what: 'two' },
    ],
    [
      'are missing where something says what is enough',
      [{ ...TASK, enough: 'true' }],
      { why: 'alone', what: 'one' },
    ],
    [
      'would come on top of what was done',
      [{ ...TASK, tool: 'write_file', otherwise: ['two'], enough: 'true' }, other('two')],
      { why: 'acts', what: 'write_file' },
    ],
    [
      'hide what they check',
      [{ ...TASK, otherwise: ['two'] }, other('two', { ...QUOTED, claims: [] })],
      { why: 'checks', what: 'two' },
    ],
  ])('that %s are refused, and it is said which', (_, tasks, named) => {
    expect(problem({ tasks, rights: ['read', 'write'] })).toMatchObject({
      code: 'PLAN_INVALID',
      data: { where: 'otherwise', ...named },
    });
  });

  it('may not need what they come in the place of, nor what needs that', () => {
    const self = [{ ...TASK, otherwise: ['two'] }, other('two', { after: ['one'] })];
    expect(problem({ tasks: self })).toMatchObject({ data: { where: 'order' } });
    const around = [
      { ...TASK, otherwise: ['two'] },
      other('two', { after: ['last'] }),
      other('last', { after: ['one'] }),
    ];
    expect(problem({ tasks: around })).toMatchObject({ data: { where: 'order' } });
  });

  it('say in an expression that can be read what is enough', () => {
    const tasks = [{ ...TASK, otherwise: ['two'], enough: '$count(' }, other('two')];
    expect(problem({ tasks })).toMatchObject({ data: { expression: expect.any(String) } });
  });
});
