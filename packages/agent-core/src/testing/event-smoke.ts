import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type CloudEvent, Topic, topics } from '@soma/schemas/event';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { liveThrough } from './event-world.ts';

/** What came by one topic: the envelopes, the types that did not come, and what the emitted schema says against any. */
export interface SmokedTopic {
  readonly topic: Topic;
  readonly envelopes: readonly CloudEvent[];
  readonly missing: readonly string[];
  readonly faults: readonly string[];
}

/**
 * Has a person do on the product's own host, in folders under `root`, all that events tell of; sends every event by the relay and the bus, and
 * holds what arrives against the emitted files.
 */
export async function smokeEvents(root: string): Promise<readonly SmokedTopic[]> {
  const opened = await liveThrough({ data: join(root, 'data'), work: join(root, 'lantern') });
  const arrived = new Map<Topic, CloudEvent[]>(Topic.options.map((topic) => [topic, []]));
  opened.bus.subscribe({
    consumer: 'smoke',
    topics: Topic.options,
    take: async (copies) => {
      for (const { topic, envelope } of copies) arrived.get(topic)?.push(envelope);
    },
  });
  opened.queue.start();
  try {
    while (!(await isQuiet(opened.queue))) await new Promise((resolve) => setTimeout(resolve, 20));
    const { setAside } = await opened.queue.describe();
    if (setAside > 0) throw new Error(`${setAside} were set aside`);
  } finally {
    await opened.close();
  }
  return [...arrived].map(([topic, envelopes]) => judged(topic, envelopes));
}

async function isQuiet(queue: { describe(): Promise<{ backlog: number }> }): Promise<boolean> {
  return (await queue.describe()).backlog === 0;
}

function judged(topic: Topic, envelopes: readonly CloudEvent[]): SmokedTopic {
  const validate = emitted(topic);
  const came = envelopes.map(({ type }) => type.replace(/^soma\.|\.v\d+$/g, ''));
  const faults = envelopes.flatMap((envelope) => {
    const value: unknown = envelope;
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${envelope.type} ${error.instancePath}: ${error.message}`);
  });
  return { topic, envelopes, missing: topics[topic].filter((type) => !came.includes(type)), faults };
}

function emitted(topic: Topic): ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const path = createRequire(import.meta.url).resolve(`@soma/schemas/json/${topic}.json`);
  return ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
}
