import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { eventIterator, os, type RouterClient } from '@orpc/server';
import { callPort, FLOW_WINDOW, type FlowDuplex } from '@soma/schemas/contract';
import { FaultError, fault } from '@soma/schemas/event';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { pipePair } from '../../testing/pipe-pair.ts';
import { createCallServer, type Unexpected } from './index.ts';

const kilobyte = 'x'.repeat(1024);

function serve() {
  const seen = { produced: 0, ended: 0 };
  const reported: Unexpected[] = [];
  const router = {
    echo: os
      .input(z.object({ text: z.string() }))
      .handler(({ input }) => ({ ok: true as const, text: input.text })),
    fault: os.handler(() => {
      throw new FaultError('DISK_FULL', { free: 0 });
    }),
    defect: os.handler(() => {
      throw new Error('a secret detail');
    }),
    flood: os.output(eventIterator(z.string())).handler(async function* ({ signal }) {
      try {
        while (signal?.aborted !== true) {
          seen.produced += 1;
          yield kilobyte;
        }
      } finally {
        seen.ended += 1;
      }
    }),
    broken: os.output(eventIterator(z.string())).handler(async function* () {
      yield 'first';
      throw new Error('a secret detail');
    }),
  };
  const server = createCallServer(router, (unexpected) => {
    reported.push(unexpected);
    return `correlation-${reported.length}`;
  });
  const connect = () => {
    const [mine, theirs] = pipePair();
    server.connect(theirs, {});
    return { pipe: mine, calls: callsOver<typeof router>(mine) };
  };
  return { server, seen, reported, connect };
}

function callsOver<Router extends Parameters<typeof createCallServer>[0]>(
  pipe: FlowDuplex,
): RouterClient<Router> {
  return createORPCClient(new RPCLink({ port: callPort(pipe) }));
}

describe('a call server', () => {
  it('answers calls', async () => {
    const { calls } = serve().connect();
    expect(await calls.echo({ text: 'hello' })).toEqual({ ok: true, text: 'hello' });
  });

  it('answers a thrown fault as a refusal', async () => {
    const { calls } = serve().connect();
    expect(await calls.fault()).toMatchObject({ ok: false, fault: { code: 'DISK_FULL', data: { free: 0 } } });
  });

  it('answers input of another shape with INVALID_INPUT', async () => {
    const { calls } = serve().connect();
    const answer: unknown = await calls.echo(JSON.parse('{"text":4}') as { text: string });
    expect(answer).toMatchObject({ ok: false, fault: { code: 'INVALID_INPUT', data: { call: 'echo' } } });
  });

  it('tells nothing of a defect but the id it is kept under', async () => {
    const { connect, reported } = serve();
    const { calls, pipe } = connect();
    const wire: string[] = [];
    pipe.onMessage((message) => void wire.push(String(message)));
    expect(await calls.defect()).toMatchObject({
      ok: false,
      fault: { code: 'INTERNAL', data: { correlation: 'correlation-1' } },
    });
    expect(reported).toMatchObject([{ path: ['defect'], error: { message: 'a secret detail' } }]);
    expect(wire.join()).not.toContain('secret');
  });

  it('ends a watch that breaks with the fault, and tells nothing else', async () => {
    const { connect, reported } = serve();
    const { calls } = connect();
    const got: string[] = [];
    const watching = (async () => {
      for await (const text of await calls.broken()) got.push(text);
    })();
    const error = await watching.catch((thrown: unknown) => thrown);
    expect(got).toEqual(['first']);
    expect(error).toBeInstanceOf(ORPCError);
    expect(error).toMatchObject({ data: { code: 'INTERNAL', data: { correlation: 'correlation-1' } } });
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(reported).toHaveLength(1);
  });

  it('ends a watch when its reader cancels it', async () => {
    const { connect, seen } = serve();
    const { calls } = connect();
    for await (const _ of await calls.flood()) break;
    await vi.waitFor(() => expect(seen.ended).toBe(1));
  });

  it('ends every watch of a pipe that closes', async () => {
    const { connect, seen, server } = serve();
    const { calls, pipe } = connect();
    for (let n = 0; n < 3; n += 1) await (await calls.flood()).next();
    expect(server.connections()).toBe(1);
    pipe.close();
    await vi.waitFor(() => expect(seen.ended).toBe(3));
    expect(server.connections()).toBe(0);
  });

  it('takes from a watch only what its reader has room for, while others go on', async () => {
    const { connect, seen, server } = serve();
    const [mine, theirs] = pipePair();
    server.connect(theirs, {});
    // This reader sends its request and then never takes a message.
    mine.send(JSON.stringify({ i: '0', p: { u: '/flood' } }));
    await vi.waitFor(() => expect(seen.produced).toBeGreaterThan(500));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const produced = seen.produced;
    expect(produced).toBeLessThan((2 * FLOW_WINDOW) / 1024);
    expect(theirs.pending()).toBeLessThan(2 * FLOW_WINDOW);
    const { calls } = connect();
    expect(await calls.echo({ text: 'still here' })).toEqual({ ok: true, text: 'still here' });
    expect(seen.produced).toBe(produced);
    // As soon as it reads, the watch goes on.
    mine.onMessage(() => undefined);
    await vi.waitFor(() => expect(seen.produced).toBeGreaterThan(produced));
    mine.close();
  });

  it('closes a pipe that carries anything but calls, and goes on serving the others', async () => {
    const { connect, server } = serve();
    const other = connect();
    const garbage = fc.oneof(
      fc.string(),
      fc.json(),
      fc.object({ withBigInt: false }).map((value) => JSON.stringify(value)),
      fc.constant('{"i":"1","p":{"u":"/echo","__proto__":{"polluted":true}}}'),
      fc.constant('{"i":"1","p":{"u":"//[","b":1}}'),
      fc.constant('{"i":"1","p":{"u":"/echo","b":{"json":{},"meta":[[1,"__proto__","polluted"]]}}}'),
      fc.constant('{"i":"1","t":3,"p":{"e":"message","d":null}}'),
      fc.constant(JSON.stringify({ i: '1', p: { u: '/echo', b: 'x'.repeat(1024 * 1024) } })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 5 }), async (messages) => {
        const [mine, theirs] = pipePair();
        server.connect(theirs, {});
        for (const message of messages) mine.send(message);
        expect(await other.calls.echo({ text: 'ok' })).toEqual({ ok: true, text: 'ok' });
        mine.close();
      }),
      { numRuns: 500 },
    );
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('closes the pipe at the first message that is no call', async () => {
    const { server } = serve();
    const [mine, theirs] = pipePair();
    server.connect(theirs, {});
    const closed = new Promise<void>((resolve) => void mine.onClose(resolve));
    mine.send('{"hello":"there"}');
    await closed;
    expect(server.connections()).toBe(0);
  });
});

describe('a host that could not start', () => {
  it('answers every call with why, except those it can serve all the same', async () => {
    const [mine, theirs] = pipePair();
    const router = { mend: os.handler(() => ({ ok: true })) };
    const report = () => 'kept';
    const why = fault('DATA_FOLDER_NEWER', { found: 9 });
    createCallServer(router, report, why).connect(theirs, {});
    const calls = callsOver<{ describe: ReturnType<typeof os.handler>; mend: typeof router.mend }>(mine);
    expect(await calls.describe()).toEqual({ ok: false, fault: why });
    expect(await calls.mend()).toEqual({ ok: true });
  });
});
