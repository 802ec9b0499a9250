import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askIt, turnOf } from '../../testing/asked-model.ts';
import { openLocalChat } from '../../testing/connected-chat.ts';
import { modelProviderConformance } from '../../testing/model-provider-conformance.ts';
import { modelChild } from '../../testing/model-runs.ts';
import { realChatFile } from '../../testing/real-chat.ts';
import type { ChatFile, LocalChat } from './index.ts';

// A real model on this computer, by the person's own pip: where that reaches no index, these tests fail. What it says is never looked at,
// only that it is said as the port wants it.

let file: ChatFile;
beforeAll(async () => {
  file = await realChatFile();
});

modelProviderConformance('a chat model on this computer', async () => {
  const chat = openLocalChat(file);
  const { signal } = new AbortController();
  // Loaded before anything is timed.
  await askIt(chat.provider, turnOf('Hi', { limits: { outputTokens: 1 } }), signal);
  return { provider: chat.provider, next: () => undefined, embeds: false, close: () => chat.close() };
});

describe('a chat model on this computer', () => {
  const runs: ReturnType<typeof modelChild>[] = [];
  let chat: LocalChat;
  beforeAll(() => {
    chat = openLocalChat(file, () => {
      const run = modelChild();
      runs.push(run);
      return run;
    });
  });
  afterAll(() => chat.close());
  const short = { temperature: 0, limits: { outputTokens: 32 } } as const;

  it('says how many tokens it read and wrote', async () => {
    const { answer } = await askIt(chat.provider, turnOf('Say hello.', short));
    expect(answer).toMatchObject({ ok: true, model: file.model });
    expect(answer.usage.input).toBeGreaterThan(5);
    expect(answer.usage.output).toBeGreaterThan(0);
  });

  it('is held to a schema', async () => {
    const schema = {
      type: 'object',
      properties: { yes: { type: 'boolean' }, colour: { enum: ['red', 'green'] } },
      required: ['yes', 'colour'],
      additionalProperties: false,
    };
    const { kept } = await askIt(
      chat.provider,
      turnOf('Is grass green?', { shape: { name: 'answer', schema }, ...short }),
    );
    expect(JSON.parse(kept.text)).toEqual({
      yes: expect.any(Boolean),
      colour: expect.stringMatching(/^(red|green)$/),
    });
  });

  it('refuses a context that does not fit, instead of forgetting its beginning', async () => {
    const { answer } = await askIt(chat.provider, turnOf('river '.repeat(4000), short));
    expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { code: 'MODEL_CONTEXT_TOO_LONG' } });
  });

  it('is given no tools and no pictures', async () => {
    const tools = [{ name: 'read', description: 'reads', input: { type: 'object' } }];
    const { answer } = await askIt(chat.provider, turnOf('Read it.', { tools }));
    expect(answer).toMatchObject({
      ok: false,
      charged: 'no',
      fault: { code: 'MODEL_UNABLE', data: { what: 'tools' } },
    });
  });

  it('answers again after its process was killed', async () => {
    runs.at(-1)?.child.kill('SIGKILL');
    await runs.at(-1)?.ended;
    expect((await askIt(chat.provider, turnOf('Say hello.', short))).answer.ok).toBe(true);
    expect(runs).toHaveLength(2);
  });

  it('that is another file than was added is not loaded', async () => {
    const swapped = openLocalChat({ ...file, sha256: 'a'.repeat(64) });
    const { answer } = await askIt(swapped.provider, turnOf('Say hello.', short));
    expect(answer).toMatchObject({
      ok: false,
      charged: 'no',
      fault: { code: 'MODEL_UNUSABLE', data: { reason: 'damaged' } },
    });
    await swapped.close();
  });
});
