import { type CloudEvent, FaultError, RecordedEvent, toCloudEvent, versionOf } from '@soma/schemas/event';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Copy, EventBus } from '../port/index.ts';
import { goalSubmitted, remark, scopeOf } from './event-sample.ts';

export interface EventBusUnderTest {
  readonly bus: EventBus;
  close(): Promise<void>;
}

function envelope(stream: string, sequence: number): CloudEvent {
  const id = `${stream}-${sequence}`;
  const event = sequence === 1 ? goalSubmitted(stream, id) : remark(id, `remark ${sequence}`);
  const place = { stream: `run/${stream}`, sequence, version: versionOf(event.type), scope: scopeOf() };
  return toCloudEvent(RecordedEvent.parse({ ...event, ...place }));
}

const step = (stream: string, sequence: number): Copy => ({
  topic: 'agent.steps.v1',
  envelope: envelope(stream, sequence + 1),
});
const goal = (stream: string): Copy => ({ topic: 'agent.runs.v1', envelope: envelope(stream, 1) });
const idsOf = (copies: readonly Copy[]) => copies.map(({ envelope: { id } }) => id);

/** What every bus must do, whatever carries it. */
export function eventBusConformance(name: string, open: () => Promise<EventBusUnderTest>): void {
  describe(`${name} as an event bus`, () => {
    let under: EventBusUnderTest;
    let bus: EventBus;
    beforeEach(async () => {
      under = await open();
      bus = under.bus;
    });
    afterEach(() => under.close());

    /** A consumer that remembers what it was given; `fails` says for each time whether it takes it in. */
    function consumer(consumerName: string, topics: Copy['topic'][], fails: () => boolean = () => false) {
      const had: Copy[] = [];
      const stop = bus.subscribe({
        consumer: consumerName,
        topics,
        take: async (copies) => {
          if (fails()) throw new Error('not now');
          had.push(...copies);
        },
      });
      return { had, stop };
    }

    /** Publishes as the relay does: again until it is acknowledged. */
    async function sent(copies: readonly Copy[]): Promise<void> {
      await vi.waitFor(() => bus.publish(copies), { timeout: 10_000, interval: 5 });
    }

    it('gives each consumer the copies of its topics, whole', async () => {
      const steps = consumer('steps', ['agent.steps.v1']);
      const both = consumer('both', ['agent.runs.v1', 'agent.steps.v1']);
      const copies = [goal('a'), step('a', 1)];
      await sent(copies);
      await vi.waitFor(() => expect(both.had).toEqual(copies));
      expect(steps.had).toEqual([copies[1]]);
    });

    it('keeps the order of each subject over publishes that do not wait for one another', async () => {
      const steps = consumer('steps', ['agent.steps.v1']);
      const publishes = Array.from({ length: 20 }, (_, n) =>
        bus.publish([step('a', 2 * n + 1), step('a', 2 * n + 2)]),
      );
      await Promise.all(publishes);
      await vi.waitFor(() => expect(steps.had).toHaveLength(40));
      expect(steps.had.map(({ envelope: { sequence } }) => Number(sequence))).toEqual(
        Array.from({ length: 40 }, (_, n) => n + 2),
      );
    });

    it('acknowledges where nobody listens', async () => {
      await expect(bus.publish([goal('a')])).resolves.toBeUndefined();
      await expect(bus.publish([])).resolves.toBeUndefined();
    });

    it.each([
      ['data.event.step', { data: { actor: [], event: { task: 't', attempt: 1, step: 'dance' } } }],
      ['source', { source: 'nowhere' }],
      ['sequence', { sequence: '0' }],
      ['type', { type: 'soma.no.such.v1' }],
      ['type', { type: 'soma.step.completed.v9' }],
    ])(
      'refuses an envelope that does not fit at %s, and sends nothing of what came with it',
      async (path, change) => {
        const steps = consumer('steps', ['agent.steps.v1']);
        const bad: Copy = {
          topic: 'agent.steps.v1',
          envelope: { ...envelope('a', 3), ...(change as object) },
        };
        const refused = await bus.publish([step('a', 1), bad]).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(FaultError);
        expect(refused).toMatchObject({
          fault: { code: 'EVENT_INVALID', data: { topic: 'agent.steps.v1', path } },
        });
        await sent([step('b', 1)]);
        await vi.waitFor(() => expect(idsOf(steps.had)).toEqual(['b-2']));
      },
    );

    it('refuses an envelope on a topic that does not carry it', async () => {
      const wrong: Copy = { ...goal('a'), topic: 'agent.tools.v1' };
      await expect(bus.publish([wrong])).rejects.toMatchObject({
        fault: { code: 'EVENT_INVALID', data: { topic: 'agent.tools.v1', path: 'type' } },
      });
    });

    it('gives a consumer that failed the copies again, and loses nothing', async () => {
      let left = 3;
      const weak = consumer('weak', ['agent.steps.v1'], () => {
        left -= 1;
        return left >= 0;
      });
      const strong = consumer('strong', ['agent.steps.v1']);
      const copies = [step('a', 1), step('a', 2)];
      await sent(copies);
      await vi.waitFor(() => expect(new Set(idsOf(weak.had))).toEqual(new Set(idsOf(copies))));
      await vi.waitFor(() => expect(new Set(idsOf(strong.had))).toEqual(new Set(idsOf(copies))));
    });

    it('gives nothing more to a consumer that has left', async () => {
      const gone = consumer('gone', ['agent.steps.v1']);
      const stays = consumer('stays', ['agent.steps.v1']);
      gone.stop();
      gone.stop();
      await sent([step('a', 1)]);
      await vi.waitFor(() => expect(stays.had).toHaveLength(1));
      expect(gone.had).toEqual([]);
    });

    it('loses nothing and keeps the order of each subject, however often consumers fail', async () => {
      const failures = fc.array(fc.boolean(), { maxLength: 20 });
      const batches = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }), {
        minLength: 1,
        maxLength: 6,
      });
      let round = 0;
      await fc.assert(
        fc.asyncProperty(failures, batches, async (fails, streams) => {
          round += 1;
          const weak = consumer(`weak-${round}`, ['agent.steps.v1'], () => fails.shift() ?? false);
          const sequences = new Map<string, number>();
          for (const batch of streams) {
            const copies = batch.map((stream) => {
              const sequence = (sequences.get(stream) ?? 0) + 1;
              sequences.set(stream, sequence);
              return step(`${stream}${round}`, sequence);
            });
            await sent(copies);
          }
          await vi.waitFor(() => {
            const first = [...new Map(weak.had.map((copy) => [copy.envelope.id, copy])).values()];
            for (const [stream, count] of sequences) {
              const mine = first.filter(({ envelope: { subject } }) => subject === `run/${stream}${round}`);
              expect(mine.map(({ envelope: { sequence } }) => Number(sequence))).toEqual(
                Array.from({ length: count }, (_, n) => n + 2),
              );
            }
          });
          weak.stop();
        }),
        { numRuns: 30 },
      );
    });
  });
}
