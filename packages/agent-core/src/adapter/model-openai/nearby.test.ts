import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { scopeOf } from '../../testing/event-sample.ts';
import { closeServers, listening } from '../../testing/fetch-world.ts';
import { ScriptedEndpoint } from '../../testing/scripted-endpoint.ts';
import { systemClock } from '../system/index.ts';
import { findNearby } from './index.ts';

const opened: ScriptedEndpoint[] = [];
afterEach(async () => {
  for (const endpoint of opened.splice(0)) await endpoint.close();
  await closeServers();
});

async function open(options: ConstructorParameters<typeof ScriptedEndpoint>[0]): Promise<ScriptedEndpoint> {
  const endpoint = await new ScriptedEndpoint(options).open();
  opened.push(endpoint);
  return endpoint;
}

const look = (places: readonly { id: string; address: string }[], signal = new AbortController().signal) =>
  findNearby({ scope: scopeOf(), clock: systemClock, signal, places });
const serve = (answer: Parameters<typeof createServer>[1]) =>
  listening(createServer(answer ?? (() => undefined)));
const at = (port: number) => `http://127.0.0.1:${port}/v1`;

describe('model servers on this computer', () => {
  it('are found with the names they list, and with none when they want a key', async () => {
    const free = await open({ models: { one: {}, two: {} } });
    const locked = await open({ key: 'secret' });
    expect(
      await look([
        { id: 'ollama', ...{ address: free.address } },
        { id: 'jan', address: locked.address },
      ]),
    ).toEqual([
      { endpoint: 'ollama', address: free.address, needsKey: false, models: ['one', 'two'] },
      { endpoint: 'jan', address: locked.address, needsKey: true, models: [] },
    ]);
    for (const { asked } of [free, locked]) {
      expect(asked.map(({ path, body }) => [path, body])).toEqual([['/v1/models', null]]);
      expect(asked[0]?.headers.authorization).toBeUndefined();
    }
  });

  it('are nothing that answers a page, something else, nothing, or sends on elsewhere', async () => {
    const real = await open({});
    const page = await serve((_, response) => void response.end('<html></html>'));
    const json = await serve((_, response) => void response.end('{"status":"ok"}'));
    const silent = await serve(() => undefined);
    const moved = await serve(
      (_, response) => void response.writeHead(302, { location: `${real.address}/models` }).end(),
    );
    const places = [page, json, silent, moved, 1].map((port) => ({ id: 'vllm', address: at(port) }));
    const started = performance.now();
    expect(await look(places)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(real.asked).toEqual([]);
  });

  it('are looked for on the loopback alone', async () => {
    const elsewhere = [
      'http://10.0.0.1:11434/v1',
      'http://example.org/v1',
      'http://127.0.0.1.example.org/v1',
      'no',
    ];
    expect(await look(elsewhere.map((address) => ({ id: 'ollama', address })))).toEqual([]);
  });

  it('are looked for no longer when nobody waits for them', async () => {
    const silent = await serve(() => undefined);
    await expect(look([{ id: 'ollama', address: at(silent) }], AbortSignal.timeout(30))).rejects.toThrow();
  });

  it('keep only as many names as a person can read', async () => {
    const models = Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`m${index}`, {}]));
    const many = await open({ models: { ...models, ['x'.repeat(300)]: {} } });
    const [found] = await look([{ id: 'ollama', address: many.address }]);
    expect(found?.models).toHaveLength(500);
  });
});
