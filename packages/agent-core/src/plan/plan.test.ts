import { readdirSync, readFileSync } from 'node:fs';
import type { Json } from '@soma/schemas/event';
import { TaskTemplate } from '@soma/schemas/plan';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ToolDescription } from '../port/index.ts';
import { checkExpression, evaluate } from './expression.ts';
import {
  buildArtifact,
  buildClaims,
  evaluateArguments,
  loadPlan,
  matchPlans,
  packagedPlanSources,
} from './index.ts';

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

describe('expressions', () => {
  const cause = async (expression: string, scope: Json = {}) => {
    const evaluated = await evaluate(expression, scope);
    return evaluated.ok ? null : evaluated.fault;
  };

  it('come to JSON; nothing at all comes to null', async () => {
    expect(await evaluate('a.b', { a: [{ b: 1 }, { b: 2 }] })).toEqual({ ok: true, value: [1, 2] });
    expect(await evaluate('missing', {})).toEqual({ ok: true, value: null });
    expect(await evaluate('function($x) { $x }', {})).toMatchObject({ ok: false });
  });

  it('take a slice of what is missing, of one thing and of many alike', async () => {
    for (const [value, length] of [
      [null, 0],
      [[], 0],
      [[1], 1],
      [[1, 2, 3, 4], 2],
    ] as const) {
      const evaluated = await evaluate('$count([x][[0..1]])', value === null ? {} : { x: [...value] });
      expect(evaluated).toEqual({ ok: true, value: length });
    }
  });

  it('are stopped when they recurse without end, make huge sequences, or take too long', async () => {
    expect(await cause('($f := function($n) { 1 + $f($n + 1) }; $f(0))')).toMatchObject({
      code: 'PLAN_EXPRESSION_FAILED',
    });
    expect(await cause('($f := function($n) { $f($n + 1) }; $f(0))')).toMatchObject({
      code: 'PLAN_EXPRESSION_FAILED',
    });
    expect(await cause('[1..10000000]')).toMatchObject({ code: 'PLAN_EXPRESSION_FAILED' });
    expect(
      await cause('$map([1..100000], function($x) { $map([1..1000], function($y) { $x * $y }) })'),
    ).toMatchObject({ code: 'PLAN_EXPRESSION_FAILED' });
  });

  it('fail with the expression and a cause, never with what is not theirs', async () => {
    expect(await cause('$number("x")')).toMatchObject({
      code: 'PLAN_EXPRESSION_FAILED',
      data: { expression: '$number("x")', cause: 'D3030' },
    });
    expect(await cause('$error("mine")')).toMatchObject({ code: 'PLAN_EXPRESSION_FAILED' });
    expect(await evaluate('$eval("process.exit(1)")', {})).toMatchObject({ ok: true, value: null });
    expect(checkExpression('a[')).toMatchObject({ code: 'PLAN_INVALID' });
    expect(await evaluate('constructor', {})).toEqual({ ok: true, value: null });
    expect(await evaluate('__proto__', {})).toMatchObject({ value: null });
  });
});

const CLAIM = {
  id: 'c',
  kind: 'quoted',
  each: 'result.rows',
  text: 'item.q & "!"',
  path: 'item.p',
  line: 'item.l',
  quote: 'item.q',
};
const ROWS: Json = {
  rows: [
    { p: 'a.txt', l: 1, q: 'one' },
    { p: 'b.txt', l: 2, q: 'two' },
  ],
};

function task(change: object): TaskTemplate {
  return TaskTemplate.parse({ ...TASK, ...change });
}

function context(result: Json, tasks: Record<string, Json> = {}) {
  return { slots: { who: 'Ann' }, tasks, result };
}

describe('arguments', () => {
  it('are themselves, or what an expression behind = comes to, at any depth', async () => {
    const given = task({
      arguments: {
        plain: 'text',
        n: 1,
        list: ['=slots.who', { deep: '=tasks.before.x + 1' }],
        none: null,
        missing: '=slots.nobody',
      },
    });
    expect(await evaluateArguments(given, context(null, { before: { x: 1 } }))).toEqual({
      ok: true,
      value: { plain: 'text', n: 1, list: ['Ann', { deep: 2 }], none: null, missing: null },
    });
  });

  it('fail as a value when an expression fails', async () => {
    expect(await evaluateArguments(task({ arguments: { a: '=$number("x")' } }), context(null))).toMatchObject(
      { ok: false, fault: { code: 'PLAN_EXPRESSION_FAILED' } },
    );
  });
});

describe('claims', () => {
  it('are made one an item, in order, with ids of their own', async () => {
    const made = await buildClaims(
      task({ claims: [CLAIM, { ...CLAIM, id: 'd', each: 'result.rows[0]' }] }),
      context(ROWS),
    );
    expect(made).toMatchObject({
      ok: true,
      value: [
        { id: 'c-0', kind: 'quoted', text: 'one!', citation: { path: 'a.txt', line: 1, quote: 'one' } },
        { id: 'c-1', text: 'two!' },
        { id: 'd-0', text: 'one!' },
      ],
    });
  });

  it('are none when there is nothing to claim', async () => {
    expect(await buildClaims(task({ claims: [CLAIM] }), context({}))).toEqual({ ok: true, value: [] });
    expect(await buildClaims(task({}), context(ROWS))).toEqual({ ok: true, value: [] });
  });

  it('carry what is to be counted again', async () => {
    const recount = { of: 'importers', subject: 'item.p', value: '$count(item.at)', at: 'item.at' };
    const rows = { rows: [{ p: 'a.txt', l: 1, q: 'one', at: [{ path: 'x', line: 1 }] }] };
    expect(
      await buildClaims(task({ claims: [{ ...CLAIM, kind: 'recounted', recount }] }), context(rows)),
    ).toMatchObject({
      ok: true,
      value: [{ recount: { of: 'importers', subject: 'a.txt', value: 1, at: [{ path: 'x', line: 1 }] } }],
    });
    const matches = { of: 'matches', subject: 'item.p', needle: '"o"', value: '1' };
    expect(
      await buildClaims(task({ claims: [{ ...CLAIM, kind: 'recounted', recount: matches }] }), context(rows)),
    ).toMatchObject({ ok: true, value: [{ recount: { needle: 'o' } }] });
  });

  it('fail as a value when they have the wrong shape or an expression fails', async () => {
    expect(await buildClaims(task({ claims: [{ ...CLAIM, line: '"x"' }] }), context(ROWS))).toMatchObject({
      ok: false,
      fault: { code: 'PLAN_EXPRESSION_FAILED', data: { cause: 'shape' } },
    });
    expect(
      await buildClaims(task({ claims: [{ ...CLAIM, each: '$number("x")' }] }), context(ROWS)),
    ).toMatchObject({ ok: false });
    expect(
      await buildClaims(task({ claims: [{ ...CLAIM, kind: 'recounted' }] }), context(ROWS)),
    ).toMatchObject({ ok: false });
  });

  it('are at most five hundred', async () => {
    const rows = { rows: Array.from({ length: 600 }, (_, l) => ({ p: 'a', l: l + 1, q: 'x' })) };
    const made = await buildClaims(task({ claims: [CLAIM] }), context(rows));
    expect(made.ok ? made.value.length : 0).toBe(500);
  });
});

describe('artifacts', () => {
  const graph = '{ "nodes": result.rows.{ "id": p, "label": q, "detail": null }, "edges": [] }';

  it('hold lines and a graph besides the claims', async () => {
    const artifact = { title: 'T', icon: 'i', lines: 'result.rows.{ "text": q }', graph };
    expect(await buildArtifact(task({ artifact }), context(ROWS))).toMatchObject({
      ok: true,
      value: {
        title: 'T',
        icon: 'i',
        lines: [{ text: 'one', detail: null }, { text: 'two' }],
        graph: { nodes: [{ id: 'a.txt' }, {}] },
      },
    });
  });

  it('are null for a task that publishes nothing, and empty when there is nothing to show', async () => {
    expect(await buildArtifact(task({}), context(ROWS))).toEqual({ ok: true, value: null });
    expect(
      await buildArtifact(
        task({ artifact: { title: 'T', icon: 'i', lines: 'result.none', graph: 'result.none' } }),
        context(ROWS),
      ),
    ).toMatchObject({ ok: true, value: { lines: [], graph: null } });
  });

  it('fail as a value when their shape is wrong', async () => {
    expect(
      await buildArtifact(task({ artifact: { title: 'T', icon: 'i', lines: '[1]' } }), context(ROWS)),
    ).toMatchObject({ ok: false, fault: { code: 'PLAN_EXPRESSION_FAILED' } });
  });
});

const folder = new URL('./packaged/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const plans = packagedPlanSources.map((source) => {
  const loaded = loadPlan(source, TOOLS);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  return loaded.plan;
});

describe('packaged plans', () => {
  it('are embedded as their files are', () => {
    expect(packagedPlanSources).toEqual(files.map((name) => readFileSync(new URL(name, folder), 'utf8')));
  });

  it('bear the names of their files', () => {
    expect(plans.map(({ name }) => `${name}.yaml`)).toEqual(files);
  });

  it.each(plans.flatMap((plan) => plan.examples.map((example) => [example, plan.name] as const)))(
    '%j finds %s',
    (goal, name) => {
      for (const typed of [goal, goal.toUpperCase(), `Please, ${goal}!`]) {
        const [best] = matchPlans(typed, plans);
        expect(best?.plan.name).toBe(name);
        expect(best?.score).toBe(1);
      }
    },
  );

  it.each([
    'Explain this folder to me',
    'explains folders',
    'what is this',
    'overview of this project',
    'explain this folder in detail',
  ])('%j still finds explain-folder', (goal) => {
    const [best] = matchPlans(goal, plans);
    expect(best?.plan.name).toBe('explain-folder');
    expect(best?.score).toBeGreaterThanOrEqual(0.5);
  });

  it.each([
    'delete this folder',
    'write a poem about cats',
    'fix the failing build',
    'rename this project to x',
    'deploy to production',
    'translate this folder to Rust',
    '',
    '???',
    'the',
    'zip this folder',
    '日本語',
  ])('%j finds no plan', (goal) => {
    for (const { score } of matchPlans(goal, plans)) expect(score).toBeLessThan(0.5);
  });
});
