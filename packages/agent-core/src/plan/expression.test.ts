import type { Json } from '@soma/schemas/event';
import { describe, expect, it } from 'vitest';
import { checkExpression, evaluate } from './expression.ts';

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
