// What comes from an endpoint is looked at field by field: one strange field is no reason to lose the rest.

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields | null {
  return isFields(value) ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of names with dots between; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const name of path.split('.')) here = fields(here)?.[name];
  return here;
}

/** A text that is not empty. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A whole number from 0 on; also one that was written as text. */
export function count(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** The first of the paths at which `take` finds something. */
export function first<Found>(
  value: unknown,
  paths: readonly string[],
  take: (value: unknown) => Found | null,
): Found | null {
  for (const path of paths) {
    const found = take(at(value, path));
    if (found !== null) return found;
  }
  return null;
}

/** The value of a JSON text; undefined where it is none. */
export function json(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
