/** Gives data that one version wrote the shape of the next. It never fails and never guesses: what it does not know stays as it was. */
type Lift = (data: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/**
 * What lifts events of older versions, by type: the first entry from version 1 to 2, and so on. Only a change that an older reader could
 * not bear needs one; a new optional field is no new version.
 */
export const lifts: Readonly<Record<string, readonly Lift[]>> = {
  // A call of the risk `model`, a revision that gives nothing up, and one that no task asked for are unknown to older readers.
  'tool-call.decided': [(data) => data],
  'plan.revised': [(data) => data],
  // The first events had no `approve`: the run went on with what it did about calls before, which null says.
  'run.resumed': [(data) => ({ ...data, approve: data.approve ?? null })],
};

/** The version that events of a type are written in now. */
export function versionOf(type: string): number {
  return 1 + stepsOf(type).length;
}

function stepsOf(type: string): readonly Lift[] {
  return Object.hasOwn(lifts, type) ? (lifts[type] ?? []) : [];
}

interface Versioned {
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}

/** An event of an older version as it would be written now. What is of this version, a newer one or no event at all stays as it is. */
export function upcast<Value>(value: Value): Value | (Value & Versioned) {
  if (!isVersioned(value)) return value;
  const { type, version, data } = value;
  const steps = stepsOf(type);
  if (!isObject(data) || version > steps.length) return value;
  const lifted = steps.slice(version - 1).reduce((before, lift) => lift(before), data);
  return { ...value, version: steps.length + 1, data: lifted };
}

function isVersioned(value: unknown): value is Versioned {
  if (!isObject(value)) return false;
  const { type, version } = value;
  return typeof type === 'string' && typeof version === 'number' && Number.isInteger(version) && version >= 1;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
