import type { Json } from '@soma/schemas/event';
import { TaskTemplate } from '@soma/schemas/plan';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildArtifact, buildClaims, evaluateArguments, isNeeded } from './build.ts';

const TASK = { id: 'one', title: 'One', tool: 'list_files' };
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
  return { goal: 'greet Ann', slots: { who: 'Ann' }, tasks, result };
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

describe('a task with a condition', () => {
  it('is asked for where the condition is true, and only there', async () => {
    const needed = (when: string) => isNeeded(task({ when }), context(null, { before: { count: 2 } }));
    expect(await needed('tasks.before.count > 1')).toEqual({ ok: true, value: true });
    expect(await needed('slots.who = "Bob"')).toEqual({ ok: true, value: false });
    expect(await needed('slots.nobody')).toEqual({ ok: true, value: false });
    expect(await needed('$contains(goal, "greet")')).toEqual({ ok: true, value: true });
    expect(await needed('$number("x")')).toMatchObject({ ok: false });
    expect(await isNeeded(task({}), context(null))).toEqual({ ok: true, value: true });
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

  describe('with offers', () => {
    const OFFER = {
      title: 'Run npm test',
      goal: 'run it',
      plan: 'run-checks',
      slots: { command: 'npm test' },
    };
    const offered = async (offers: readonly object[]) => {
      const artifact = { title: 'T', icon: 'i', offers: 'result.offers' };
      const made = await buildArtifact(task({ artifact }), context(z.json().parse({ offers })));
      return made.ok ? made.value?.offers : made.fault;
    };

    it('hold them as they were made, none where there are none', async () => {
      const { slots: _slots, ...bare } = OFFER;
      expect(await offered([OFFER])).toEqual([OFFER]);
      expect(await offered([bare])).toEqual([{ ...OFFER, slots: {} }]);
      expect(await offered([])).toEqual([]);
    });

    it('leave out those whose words are too long, no plain line of text, or cannot be a plan or a slot', async () => {
      const wrong = [
        { ...OFFER, title: 'x'.repeat(201) },
        { ...OFFER, title: '' },
        { ...OFFER, title: 'safe\u202Etxet' },
        { ...OFFER, goal: 'a\u001B[2Jb' },
        { ...OFFER, plan: '../x' },
        { ...OFFER, slots: { command: 'one\ntwo' } },
        { ...OFFER, slots: { command: 'x'.repeat(501) } },
        { ...OFFER, slots: { 'a=b': 'x' } },
      ];
      expect(await offered([...wrong, OFFER])).toEqual([OFFER]);
      expect(await offered(Array.from({ length: 9 }, () => OFFER))).toHaveLength(5);
    });

    it('fail as a value when they have another form than offers', async () => {
      for (const form of [{ ...OFFER, goal: 1 }, { title: 'x' }, { ...OFFER, approve: 'all' }])
        expect(await offered([form])).toMatchObject({ code: 'PLAN_EXPRESSION_FAILED' });
    });
  });
});
