import { type Fault, fault, type Json } from '@soma/schemas/event';
import jsonata from 'jsonata';
import { z } from 'zod';

/** Bounds of one evaluation: milliseconds, depth of calls, and length of any sequence made on the way. */
const BOUNDS = { timeout: 2000, stack: 500, sequence: 200_000 };

export type Evaluated<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: Fault };

/** What no regular expression can do in time that is bounded by the text: looking around, and referring back to a group. */
const UNBOUNDED = /\(\?<?[=!]|\\[1-9]|\\k</;

const compiled = new Map<string, Promise<jsonata.Expression>>();

/** What a JSONata expression comes to over `scope`; nothing at all comes to null. Fault: PLAN_EXPRESSION_FAILED. */
export async function evaluate(expression: string, scope: Json): Promise<Evaluated<Json>> {
  try {
    const value: unknown = await (await compile(expression)).evaluate(scope);
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
    const patterns = patternsIn(jsonata(expression, BOUNDS).ast());
    if (!patterns.some(({ source }) => UNBOUNDED.test(source))) return null;
    return fault('PLAN_INVALID', { expression, cause: 'pattern-unbounded' });
  } catch (error) {
    return fault('PLAN_INVALID', { expression, cause: reasonOf(error) });
  }
}

function compile(expression: string): Promise<jsonata.Expression> {
  const known = compiled.get(expression) ?? compiledNow(expression);
  compiled.set(expression, known);
  return known;
}

async function compiledNow(expression: string): Promise<jsonata.Expression> {
  const made = jsonata(expression, BOUNDS);
  if (patternsIn(made.ast()).length === 0) return made;
  // Large, and most expressions have no pattern.
  const { linearEngine } = await import('./linear-regex.ts');
  return jsonata(expression, { ...BOUNDS, RegexEngine: linearEngine });
}

/** The regular expressions below a node of a parsed expression. */
function patternsIn(node: unknown): readonly RegExp[] {
  if (node instanceof RegExp) return [node];
  if (typeof node !== 'object' || node === null) return [];
  return Object.values(node).flatMap(patternsIn);
}

function reasonOf(error: unknown): string {
  const coded = z.object({ code: z.string() }).safeParse(error);
  return coded.success ? coded.data.code : 'unknown';
}
