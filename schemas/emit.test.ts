import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { pages } from './pages.ts';
import { type RecordedEvent, registry, toCloudEvent, topics } from './src/event/index.ts';

function validator(name: string) {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(new URL(`./json/${name}.json`, import.meta.url), 'utf8')));
}

const ended: RecordedEvent = {
  id: 'e1',
  stream: 'run/r1',
  sequence: 7,
  version: 1,
  time: '2026-01-01T00:00:00.000Z',
  type: 'run.ended',
  data: { state: 'verified', note: { code: 'all-verified', data: { count: 3 } }, fault: null },
  scope: {
    tenant: 'local',
    workspace: 'local',
    actor: [{ kind: 'person', id: 'p1' }],
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    causation: null,
  },
};

describe('the emitted JSON Schemas', () => {
  it('accept the envelope of a recorded event', () => {
    expect(validator('agent.runs.v1')(toCloudEvent(ended))).toBe(true);
  });

  it('refuse an envelope without a required CloudEvents attribute', () => {
    const envelope = toCloudEvent(ended);
    for (const key of ['id', 'source', 'specversion', 'type'] as const) {
      const { [key]: _, ...rest } = envelope;
      expect(validator('agent.runs.v1')(rest)).toBe(false);
    }
  });

  it('send every event to at least one topic, but for where a log goes on and what boards are called', () => {
    const sent = new Set<string>(Object.values(topics).flat());
    const unsent = Object.keys(registry).filter((type) => !sent.has(type));
    expect(unsent).toEqual(['segment.begun', 'canvas.created', 'canvas.renamed']);
  });

  it('refuse a report whose state is invented', () => {
    const report = {
      schema: 'run-report.v1',
      run: 'r1',
      goal: 'g',
      plan: null,
      state: 'stopped',
      claims: [],
      changes: [],
      tokens: 'unknown',
      cost: 'unknown',
      times: { started: '2026-01-01T00:00:00Z', ended: '2026-01-01T00:00:01Z' },
    };
    expect(validator('run-report.v1')(report)).toBe(true);
    expect(validator('run-report.v1')({ ...report, state: 'done' })).toBe(false);
  });
});

describe('the pages of events', () => {
  it('are what the sources say now', () => {
    for (const [name, text] of pages())
      expect(readFileSync(new URL(`../docs/events/${name}`, import.meta.url), 'utf8')).toBe(text);
  });
});
