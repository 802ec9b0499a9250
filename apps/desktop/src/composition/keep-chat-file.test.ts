import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelRun } from '@soma/agent-core/adapter/model-local';
import { writeSmallChat } from '@soma/agent-core/testing/small-chat';
import { TURN_LIMITS, type Turn } from '@soma/schemas/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startModel as startChild } from '../serve/start-model.ts';
import { ChatWorld } from '../testing/chat-world.ts';
import { testFolder } from '../testing/source-host.ts';
import { keepChat } from './keep-chat.ts';

describe('a model of a file', () => {
  it('leaves memory when nobody asks it for a while, and is loaded again for the next question', async () => {
    const folder = testFolder();
    const runs: ModelRun[] = [];
    const child = join(import.meta.dirname, '..', 'model', 'child.ts');
    const startModel = () => {
      const run = startChild(child);
      runs.push(run);
      return run;
    };
    const chat = keepChat({ folder: folder.root, vault: null, startModel, idleMs: 200 });
    const { path } = writeSmallChat(folder.root);
    const actor = [{ kind: 'person', id: 'p1' } as const];
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const scope = { tenant: 'local', workspace: 'local', actor, traceparent, causation: null };
    await chat.added.add({ scope, id: 'm1', model: { from: 'file', path, contextTokens: 512 } });
    const turn = {
      ...{ id: 't1', tools: [], choice: 'none', shape: null, temperature: 0 },
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      limits: { ...TURN_LIMITS, outputTokens: 4 },
    } satisfies Turn;
    for (const times of [1, 2]) {
      const [model] = chat.added.list(scope);
      const answer = await model?.provider.ask({ scope, turn, signal: new AbortController().signal });
      expect(answer).toMatchObject({ ok: true, finish: 'length' });
      expect(runs).toHaveLength(times);
      await runs.at(-1)?.ended;
    }
    await chat.close();
    folder.remove();
  }, 60_000);
});

describe('a model that people add', () => {
  let world: ChatWorld;
  beforeEach(() => {
    world = new ChatWorld();
  });
  afterEach(() => world.close());

  it('can be a file on this computer, which is asked no tools, and is not loaded once it was cut or swapped', async () => {
    const calls = await world.started();
    const { path, sha256 } = writeSmallChat(world.root);
    const add = (id: string) => calls.chat.add({ id, model: { from: 'file', path, contextTokens: null } });
    expect(await add('m1')).toMatchObject({
      ok: true,
      model: {
        endpoint: 'local',
        local: true,
        model: 'small-chat',
        file: { sha256 },
        known: { contextTokens: 4096 },
      },
    });
    const { model } = await world.examined(calls, 'm1');
    expect(model.exam.result).toMatchObject({ fault: null, kinds: [] });
    expect(model.exam.result?.parts.map(({ part, verdict }) => [part, verdict])).toEqual([
      ...[
        ['schema', 'failed'],
        ['tool-choice', 'not-possible'],
        ['summary', 'failed'],
        ['refusal', 'failed'],
      ],
    ]);
    expect(model.exam.result?.tokensPerSecond).toBeGreaterThan(0);
    const bytes = readFileSync(path);
    bytes[bytes.length - 40] = 255 - (bytes[bytes.length - 40] ?? 0);
    await world.ended();
    writeFileSync(path, bytes);
    const again = await world.started();
    expect((await world.examined(again, 'm1')).model.exam.result).toMatchObject({
      fault: { code: 'MODEL_UNUSABLE', data: { reason: 'damaged' } },
      kinds: [],
    });
    truncateSync(path, bytes.length - 5000);
    expect(
      await again.chat.add({ id: 'm2', model: { from: 'file', path, contextTokens: null } }),
    ).toMatchObject({
      fault: { code: 'MODEL_FILE_NO_CHAT', data: { reason: 'cut' } },
    });
    writeFileSync(path, 'no model');
    for (const [given, code] of [
      [path, 'MODEL_FILE_NO_CHAT'],
      [`${path}.gone`, 'FILE_GONE'],
      [world.root, 'MODEL_FILE_NO_CHAT'],
    ] as const)
      expect(
        await again.chat.add({ id: 'm3', model: { from: 'file', path: given, contextTokens: null } }),
      ).toMatchObject({ fault: { code } });
  }, 120_000);
});
