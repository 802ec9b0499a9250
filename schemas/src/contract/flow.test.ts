import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Duplex } from './duplex.ts';
import { FLOW_WINDOW, withFlow } from './flow.ts';

/** A raw pipe that keeps what was sent, and into which a test puts what the other end says. */
function rawPipe() {
  const sent: (string | Uint8Array)[] = [];
  const listeners = new Set<(message: string | Uint8Array) => void>();
  const closes = new Set<() => void>();
  const raw: Duplex = {
    send: (message) => void sent.push(message),
    onMessage: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onClose: (listener) => {
      closes.add(listener);
      return () => void closes.delete(listener);
    },
    close: () => {
      for (const listener of closes) listener();
    },
  };
  const hear = (message: string | Uint8Array) => {
    for (const listener of listeners) listener(message);
  };
  return { raw, sent, hear };
}

const isReady = async (ready: Promise<void>) =>
  Promise.race([ready.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 5))]);

describe('flow control', () => {
  it('passes messages on as they are and counts what is on its way', async () => {
    const { raw, sent } = rawPipe();
    const pipe = withFlow(raw);
    pipe.send('{"a":1}');
    pipe.send(new Uint8Array(10));
    expect(sent).toEqual(['{"a":1}', new Uint8Array(10)]);
    expect(pipe.pending()).toBe(17);
    expect(await isReady(pipe.ready())).toBe(true);
  });

  it('makes a sender wait at the window, until the other end says what it took', async () => {
    const { raw, hear } = rawPipe();
    const pipe = withFlow(raw);
    pipe.send('x'.repeat(FLOW_WINDOW));
    const ready = pipe.ready();
    expect(await isReady(ready)).toBe(false);
    hear(String(FLOW_WINDOW / 4));
    expect(await isReady(ready)).toBe(true);
    expect(pipe.pending()).toBe(FLOW_WINDOW * 0.75);
  });

  it('sets waiting senders free when the pipe closes', async () => {
    const { raw } = rawPipe();
    const pipe = withFlow(raw);
    pipe.send('x'.repeat(2 * FLOW_WINDOW));
    const ready = pipe.ready();
    pipe.close();
    expect(await isReady(ready)).toBe(true);
    expect(await isReady(pipe.ready())).toBe(true);
  });

  it('says what it took before the other end could be waiting', () => {
    const { raw, sent, hear } = rawPipe();
    const pipe = withFlow(raw);
    pipe.onMessage(() => undefined);
    return Promise.resolve().then(() => {
      for (let n = 0; n < 4; n += 1) hear('y'.repeat(FLOW_WINDOW / 4));
      expect(sent).toEqual([1, 2, 3, 4].map((n) => String((n * FLOW_WINDOW) / 4)));
    });
  });

  it('keeps what comes before anyone listens, for all who begin to listen in one turn', async () => {
    const { raw, sent, hear } = rawPipe();
    const pipe = withFlow(raw);
    hear('{"early":1}');
    hear(new Uint8Array(FLOW_WINDOW));
    expect(sent).toEqual([]);
    const [one, other] = [vi.fn(), vi.fn()];
    pipe.onMessage(one);
    pipe.onMessage(other);
    await Promise.resolve();
    expect(one.mock.calls).toEqual([['{"early":1}'], [new Uint8Array(FLOW_WINDOW)]]);
    expect(other.mock.calls).toEqual(one.mock.calls);
    expect(sent).toEqual([String(FLOW_WINDOW + 11)]);
  });

  it('believes no report of more than was sent, and none that takes back an older one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 200 }), { maxLength: 20 }),
        fc.nat({ max: 100 }),
        (reports, size) => {
          const { raw, hear } = rawPipe();
          const pipe = withFlow(raw);
          pipe.send('z'.repeat(size));
          let least = size;
          for (const report of reports) {
            hear(String(report));
            expect(pipe.pending()).toBeGreaterThanOrEqual(0);
            expect(pipe.pending()).toBeLessThanOrEqual(least);
            least = pipe.pending();
          }
        },
      ),
    );
  });
});
