import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breaksBetween } from './compatible.ts';
import { type EventType, readCloudEvent, Topic, topics, versionOf } from './src/event/index.ts';

interface Envelope {
  readonly type: string;
}
const json = (name: string): Record<string, unknown> =>
  z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(readFileSync(new URL(`./json/${name}`, import.meta.url), 'utf8')));
const envelopesOf = (file: unknown) =>
  Object.values(z.record(z.string(), z.looseObject({ type: z.string() })).parse(file));
const examples = envelopesOf(json('examples/events.json'));
const history = readdirSync(new URL('./json/history/', import.meta.url));

/** Type and version of a CloudEvents type. */
function named(type: string): { type: EventType; version: number } {
  const cut = type.lastIndexOf('.v');
  return { type: type.slice('soma.'.length, cut) as EventType, version: Number(type.slice(cut + 2)) };
}
const carries = (topic: Topic, { type }: Envelope) => topics[topic].some((one) => one === named(type).type);
const superseded = (type: string) => named(type).version < versionOf(named(type).type);

function validator(schema: object) {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

describe.each(history)('what was promised on %s', (day) => {
  const golden = envelopesOf(json(`history/${day}/events.json`));

  it.each(Topic.options)('is kept on %s for readers of either age', (topic) => {
    const older = json(`history/${day}/${topic}.json`);
    expect(breaksBetween(older, json(`${topic}.json`), superseded)).toEqual([]);
  });

  it.each(Topic.options)('lets every event of then on %s be read today', (topic) => {
    const then = golden.filter((one) => carries(topic, one));
    expect(then.length).toBeGreaterThan(0);
    for (const envelope of then) {
      const read = readCloudEvent(topic, envelope);
      const { type } = named(envelope.type);
      expect(read).toMatchObject({ id: envelope.id, type: `soma.${type}.v${versionOf(type)}` });
    }
  });

  it.each(Topic.options)(
    'is what today’s events on %s still say, as far as they are of the same version',
    (topic) => {
      const validate = validator(json(`history/${day}/${topic}.json`));
      const known = new Set(golden.map(({ type }) => type));
      const now = examples.filter((one) => carries(topic, one) && known.has(one.type));
      expect(now.length).toBeGreaterThan(0);
      for (const envelope of now)
        expect({ type: envelope.type, fits: validate(envelope) }).toEqual({
          type: envelope.type,
          fits: true,
        });
    },
  );
});

it('there is one example of every event on a topic, as it is written now', () => {
  const wanted = new Set(Object.values(topics).flat());
  expect(new Set(examples.map(({ type }) => type))).toEqual(
    new Set([...wanted].map((type) => `soma.${type}.v${versionOf(type)}`)),
  );
});

/** As much of an emitted topic as these tests change. */
const Tools = z.looseObject({
  anyOf: z.array(
    z.looseObject({
      properties: z.looseObject({
        data: z.looseObject({
          properties: z.looseObject({
            event: z.looseObject({
              properties: z.record(z.string(), z.looseObject({})),
              required: z.array(z.string()),
            }),
          }),
        }),
      }),
    }),
  ),
});

describe('a change of a schema', () => {
  const older = Tools.parse(json('agent.tools.v1.json'));
  /** Today's schema after a change of the first event on the topic, *tool-call.decided*. */
  function changed(
    change: (event: { properties: Record<string, Record<string, unknown>>; required: string[] }) => void,
  ) {
    const newer = structuredClone(older);
    for (const first of newer.anyOf.slice(0, 1)) change(first.properties.data.properties.event);
    return breaksBetween(older, newer, () => false);
  }
  const at = `soma.tool-call.decided.v${versionOf('tool-call.decided')}.data.event`;

  it('that adds a field that may be left out breaks nobody', () => {
    expect(changed(({ properties }) => Object.assign(properties, { more: { type: 'string' } }))).toEqual([]);
  });

  it.each([
    ['needs a new field', (e) => e.required.push('more'), `${at}.more: needed now`],
    [
      'lets a field be left out',
      (e) => e.required.splice(e.required.indexOf('rule'), 1),
      `${at}.rule: not needed any more`,
    ],
    ['drops a field', (e) => delete e.properties.rule, `${at}.rule: gone`],
    [
      'gives a field another type',
      (e) => Object.assign(e.properties, { rule: { type: 'number' } }),
      `${at}.rule: type`,
    ],
    [
      'bounds a field',
      (e) => Object.assign(e.properties, { rule: { type: 'string', maxLength: 9 } }),
      `${at}.rule: maxLength`,
    ],
    [
      'knows a new value',
      (e) =>
        Object.assign(e.properties, { verdict: { type: 'string', enum: ['allow', 'ask', 'deny', 'maybe'] } }),
      `${at}.verdict: values`,
    ],
  ] satisfies [string, Parameters<typeof changed>[0], string][])(
    'that %s is found',
    (_what, change, found) => {
      expect(changed(change)).toContain(found);
    },
  );

  it('that drops an event is found, unless a newer version of it is there', () => {
    const newer = { ...older, anyOf: older.anyOf.slice(1) };
    expect(breaksBetween(older, newer, () => false)).toEqual([
      `soma.tool-call.decided.v${versionOf('tool-call.decided')}: gone`,
    ]);
    expect(breaksBetween(older, newer, () => true)).toEqual([]);
  });
});
