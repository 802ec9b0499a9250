// What a change of an emitted topic schema would break: for a reader of today's events that is of an older build, and for today's
// reader of older events.
type Schema = { readonly [key: string]: unknown };

/** Everything but these may stand in two versions of a shape only when it is the same in both. */
const BORNE = new Set([
  '$id',
  '$schema',
  '$defs',
  'title',
  'description',
  'properties',
  'required',
  'default',
]);
const NESTED = new Set(['items', 'additionalProperties', 'propertyNames', 'anyOf', 'oneOf', 'enum', 'const']);

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One document, in which references are looked up. */
class Side {
  readonly #root: Schema;

  constructor(root: Schema) {
    this.#root = root;
  }

  at(value: unknown): Schema {
    if (!isSchema(value)) return {};
    const { $ref } = value;
    if (typeof $ref !== 'string') return value;
    let found: unknown = this.#root;
    for (const key of $ref.split('/').slice(1)) found = isSchema(found) ? found[key] : undefined;
    return this.at(found);
  }

  /** The envelopes of a topic, by their CloudEvents type. */
  events(): ReadonlyMap<string, Schema> {
    const listed = this.#root.anyOf ?? [this.#root];
    const found = (Array.isArray(listed) ? listed : []).map((one) => {
      const envelope = this.at(one);
      return [String(this.at(this.at(envelope.properties).type).const), envelope] as const;
    });
    return new Map(found);
  }
}

/** The two sides, and what was found so far. */
interface Comparing {
  readonly older: Side;
  readonly newer: Side;
  readonly breaks: string[];
  /** Pairs that are being compared: a shape may hold itself. */
  readonly under: ReadonlyMap<Schema, readonly Schema[]>;
}

/** What breaks between two emitted schemas of one topic, each as the path to it. `superseded`: this type has gone on to a newer version. */
export function breaksBetween(older: Schema, newer: Schema, superseded: (type: string) => boolean): string[] {
  const comparing = {
    older: new Side(older),
    newer: new Side(newer),
    breaks: [] as string[],
    under: new Map(),
  };
  const now = comparing.newer.events();
  for (const [type, envelope] of comparing.older.events()) {
    const same = now.get(type);
    if (same !== undefined) compare(comparing, [envelope, same], type);
    else if (!superseded(type)) comparing.breaks.push(`${type}: gone`);
  }
  return comparing.breaks;
}

function compare(above: Comparing, [one, other]: readonly [unknown, unknown], path: string): void {
  const [before, after] = [above.older.at(one), above.newer.at(other)];
  const met = above.under.get(before) ?? [];
  if (met.includes(after)) return;
  const comparing = { ...above, under: new Map(above.under).set(before, [...met, after]) };
  compareObjects(comparing, [before, after], path);
  compareVariants(comparing, [before, after], path);
  const values = [before, after].map((side) => ('const' in side ? [side.const] : (side.enum ?? null)));
  if (JSON.stringify(values[0]) !== JSON.stringify(values[1])) comparing.breaks.push(`${path}: values`);
  for (const key of ['items', 'additionalProperties', 'propertyNames'] as const) {
    if (isSchema(before[key]) && isSchema(after[key]))
      compare(comparing, [before[key], after[key]], `${path}[]`);
    else if (before[key] !== after[key]) comparing.breaks.push(`${path}: ${key}`);
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (BORNE.has(key) || NESTED.has(key)) continue;
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) comparing.breaks.push(`${path}: ${key}`);
  }
}

function compareObjects(
  comparing: Comparing,
  [before, after]: readonly [Schema, Schema],
  path: string,
): void {
  const [had, has] = [before.properties, after.properties].map((side) => (isSchema(side) ? side : {}));
  const [needed, needs] = [before.required, after.required].map(
    (side) => new Set(Array.isArray(side) ? side : []),
  );
  for (const key of Object.keys(had ?? {})) {
    if (has !== undefined && key in has) compare(comparing, [had?.[key], has[key]], `${path}.${key}`);
    else comparing.breaks.push(`${path}.${key}: gone`);
  }
  for (const key of needed ?? [])
    if (!needs?.has(key)) comparing.breaks.push(`${path}.${key}: not needed any more`);
  for (const key of needs ?? []) if (!needed?.has(key)) comparing.breaks.push(`${path}.${key}: needed now`);
}

/** Each variant must have its like on the other side: what one side may write, the other must be able to read. */
function compareVariants(
  comparing: Comparing,
  [before, after]: readonly [Schema, Schema],
  path: string,
): void {
  const [had, has] = [before, after].map((side) => side.anyOf ?? side.oneOf ?? []);
  if (!Array.isArray(had) || !Array.isArray(has)) return;
  const fits = (one: unknown, other: unknown) => {
    const trial = { ...comparing, breaks: [] as string[] };
    compare(trial, [one, other], '');
    return trial.breaks.length === 0;
  };
  for (const [n, one] of had.entries())
    if (!has.some((other) => fits(one, other))) comparing.breaks.push(`${path}|${n}: variant changed`);
  for (const [n, other] of has.entries())
    if (!had.some((one) => fits(one, other))) comparing.breaks.push(`${path}|${n}: variant new`);
}
