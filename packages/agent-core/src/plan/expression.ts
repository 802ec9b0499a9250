import { type Fault, fault, type Json } from '@soma/schemas/event';
import jsonata from 'jsonata';
import { z } from 'zod';

/** Bounds of one evaluation: milliseconds, depth of calls, and length of any sequence made on the way. */
const BOUNDS = { timeout: 2000, stack: 500, sequence: 200_000 };

export type Evaluated<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: Fault };

const compiled = new Map<string, jsonata.Expression>();

/** What a JSONata expression comes to over `scope`; nothing at all comes to null. Fault: PLAN_EXPRESSION_FAILED. */
export async function evaluate(expression: string, scope: Json): Promise<Evaluated<Json>> {
  try {
    const value: unknown = await compile(expression).evaluate(scope);
    return {
      ok: true,
      value: value === undefined ? null : z.json().parse(JSON.parse(JSON.stringify(value))),
    };
  } catch (error) {
    return { ok: false, fault: fault('PLAN_EXPRESSION_FAILED', { expression, cause: reasonOf(error) }) };
  }
}

/** The fault of an expression that cannot be read, or null. */
export function checkExpression(expression: string): Fault | null {
  try {
    compile(expression);
    return null;
  } catch (error) {
    return fault('PLAN_INVALID', { expression, cause: reasonOf(error) });
  }
}

function compile(expression: string): jsonata.Expression {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  const made = jsonata(expression, BOUNDS);
  compiled.set(expression, made);
  return made;
}

function reasonOf(error: unknown): string {
  const coded = z.object({ code: z.string() }).safeParse(error);
  return coded.success ? coded.data.code : 'unknown';
}
