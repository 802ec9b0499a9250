import type { Turn } from '@soma/schemas/turn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelProvider } from '../port/index.ts';
import { askIt, turnOf } from './asked-model.ts';
import { scopeOf } from './event-sample.ts';

export interface OpenModel {
  readonly provider: ModelProvider;
  /** Makes the model answer the next turn with a few words, or with so many that it can be stopped among them. */
  readonly next: (answer: 'short' | 'long') => void;
  readonly embeds: boolean;
  readonly close: () => Promise<void>;
}

const scope = scopeOf();
const short = (change: Parameters<typeof turnOf>[1] = {}): Turn =>
  turnOf('Say hello.', { temperature: 0, ...change, limits: { outputTokens: 24, ...change?.limits } });
const long = (): Turn => turnOf('Write a long story about a river.', { limits: { outputTokens: 2000 } });

/** What every provider that answers turns must do, whatever runs its model. */
export function modelProviderConformance(name: string, open: () => Promise<OpenModel>): void {
  describe(`${name} as a model provider`, () => {
    let model: OpenModel;
    let provider: ModelProvider;
    beforeEach(async () => {
      model = await open();
      provider = model.provider;
    });
    afterEach(() => model.close());

    it('says which model it has, and of what it does not know that it does not', async () => {
      const about = await provider.describe(scope);
      expect(about?.model).toMatch(/./);
      expect(about?.hash ?? 'a'.repeat(64)).toMatch(/^[0-9a-f]{64}$/);
      for (const said of Object.values(about?.abilities ?? {}))
        expect(['yes', 'no', 'unknown']).toContain(said);
      for (const count of [about?.contextTokens, about?.outputTokens, about?.dimensions])
        expect(count === null || (count ?? 0) > 0).toBe(true);
    });

    it('answers a turn, and its deltas are the answer as it comes', async () => {
      model.next('short');
      const { answer, deltas, told, kept } = await askIt(provider, short());
      expect(answer).toMatchObject({ ok: true });
      expect(kept.text).not.toBe('');
      expect(told).toEqual(kept);
      expect(deltas.length).toBeGreaterThan(1);
    });

    it('stops where the tokens are used up that the turn allows, and says so', async () => {
      model.next('long');
      const { answer, kept } = await askIt(provider, short({ limits: { outputTokens: 3 } }));
      expect(answer).toMatchObject({ ok: true, finish: 'length' });
      expect(kept.text).not.toBe('');
      if (answer.ok && answer.usage.output !== null) expect(answer.usage.output).toBeLessThanOrEqual(4);
    });

    it('sends nothing when it is stopped before it begins', async () => {
      const { answer, deltas } = await askIt(provider, short(), AbortSignal.abort());
      expect(answer).toMatchObject({ ok: false, charged: 'no', fault: { code: 'MODEL_TURN_STOPPED' } });
      expect(deltas).toEqual([]);
    });

    it('stops within 100 ms in the middle of an answer, keeps what came and says no more', async () => {
      const took: number[] = [];
      // The soonest of three: what else the machine does is not the provider's.
      for (let trial = 0; trial < 3; trial += 1) took.push(await stopInTheMiddle(model));
      expect(Math.min(...took)).toBeLessThan(100);
    });

    it('answers the next turn after one that was stopped', async () => {
      model.next('long');
      const stop = new AbortController();
      await provider.ask({ scope, turn: long(), signal: stop.signal, onDelta: () => stop.abort() });
      model.next('short');
      expect((await askIt(provider, short())).answer).toMatchObject({ ok: true });
    });

    it('ends a turn that takes longer than it may, and keeps what came', async () => {
      model.next('long');
      const turn = turnOf('Write a long story about a river.', {
        limits: { outputTokens: 2000, totalMs: 400 },
      });
      const { answer, told, kept, tookMs } = await askIt(provider, turn);
      expect(answer).toMatchObject({
        ...{ ok: false, fault: { code: 'MODEL_TIMEOUT', data: { limitMs: 400 }, retry: { when: 'now' } } },
      });
      expect(told).toEqual(kept);
      expect(tookMs).toBeLessThan(1500);
    });

    it('keeps two turns at once apart', async () => {
      model.next('short');
      model.next('short');
      const both = await Promise.all([askIt(provider, short()), askIt(provider, short({ id: 't2' }))]);
      for (const { answer, told, kept } of both) {
        expect(answer.ok).toBe(true);
        expect(told).toEqual(kept);
      }
    });

    it('makes vectors of length 1 in the order of the texts, or says that it cannot', async () => {
      const texts = ['one', 'twotwo', 'three'];
      const wish = { scope, signal: new AbortController().signal };
      if (!model.embeds) {
        await expect(provider.embed({ ...wish, texts })).rejects.toMatchObject({
          fault: { code: 'MODEL_UNABLE' },
        });
        return;
      }
      const vectors = await provider.embed({ ...wish, texts });
      expect(vectors).toHaveLength(3);
      for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      const [alone] = await provider.embed({ ...wish, texts: ['twotwo'] });
      expect(vectors[1]).toEqual(alone);
      expect(await provider.embed({ ...wish, texts: [] })).toEqual([]);
      await expect(provider.embed({ scope, texts, signal: AbortSignal.abort('over') })).rejects.toBe('over');
    });
  });
}

/** Milliseconds from the stop to the answer. */
async function stopInTheMiddle({ provider, next }: OpenModel): Promise<number> {
  next('long');
  const stop = new AbortController();
  const came: string[] = [];
  let stopped = 0;
  const onDelta = ({ text }: { readonly text: string }) => {
    came.push(text);
    if (came.length !== 5) return;
    stopped = performance.now();
    stop.abort();
  };
  const answer = await provider.ask({ scope, turn: long(), signal: stop.signal, onDelta });
  const took = performance.now() - stopped;
  expect(answer).toMatchObject({
    ...{ ok: false, fault: { code: 'MODEL_TURN_STOPPED', retry: { when: 'never' } } },
  });
  const atEnd = came.length;
  const kept = answer.message.parts.flatMap((part) => (part.type === 'tool-call' ? [] : [part.text]));
  expect(kept.join('')).toBe(came.join(''));
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(came).toHaveLength(atEnd);
  return took;
}
