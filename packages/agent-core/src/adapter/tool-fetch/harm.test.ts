import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  closeServers,
  contextOf,
  type FetchOptions,
  faultOf,
  LOOPBACK,
  outputOf,
  page,
  serve,
  serveRaw,
  toolOf,
} from '../../testing/fetch-world.ts';

afterEach(closeServers);

describe('a redirect', () => {
  it('within its server is followed, each hop resolved anew', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/end') page('there', 'text/plain')(request, response);
      else response.writeHead(302, { location: '/end' }).end();
    });
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      return ['127.0.0.1'];
    };
    const start = `http://name.example:${port}/`;
    const done = await outputOf(start, { ...LOOPBACK, resolve });
    expect(done).toMatchObject({ url: start, finalUrl: `${start}end`, text: 'there' });
    expect(asked).toEqual(['name.example', 'name.example']);
  });

  it('to a name that meanwhile means another address is refused', async () => {
    const port = await serve((_request, response) => void response.writeHead(307, { location: '/on' }).end());
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const fault = await faultOf(`http://name.example:${port}/`, {
      ...LOOPBACK,
      resolve: async () => answers.shift() ?? [],
    });
    expect(fault).toMatchObject({ code: 'FETCH_ADDRESS_REFUSED', data: { address: '169.254.169.254' } });
  });

  it.each([
    ['http://elsewhere.example/a', 'FETCH_REDIRECTED'],
    ['https://name.example/', 'FETCH_REDIRECTED'],
    ['http://169.254.169.254/latest', 'FETCH_ADDRESS_REFUSED'],
    ['http://[::1]/', 'FETCH_ADDRESS_REFUSED'],
    ['http://2130706434/', 'FETCH_ADDRESS_REFUSED'],
    ['file:///etc/passwd', 'FETCH_URL_REFUSED'],
    ['http://me:word@name.example/', 'FETCH_URL_REFUSED'],
    ['http://name.example:25/', 'FETCH_URL_REFUSED'],
    ['http://', 'FETCH_URL_REFUSED'],
  ])('to %s is not followed: %s', async (location, code) => {
    const port = await serve((_request, response) => void response.writeHead(301, { location }).end());
    let resolved = 0;
    const resolve = async () => {
      resolved += 1;
      return ['127.0.0.1'];
    };
    const fault = await faultOf(`http://name.example:${port}/`, { ...LOOPBACK, resolve });
    expect(fault?.code).toBe(code);
    if (code === 'FETCH_REDIRECTED') {
      expect(fault?.data).toEqual({ url: location, host: new URL(location).host });
    }
    expect(resolved).toBe(1);
  });

  it('without end is given up after five', async () => {
    let asked = 0;
    const port = await serve((_request, response) => {
      asked += 1;
      response.writeHead(303, { location: `/${asked}` }).end();
    });
    expect(await faultOf(`http://127.0.0.1:${port}/`)).toMatchObject({
      code: 'FETCH_FAILED',
      data: { cause: 'redirects' },
    });
    expect(asked).toBe(6);
  });
});

describe('a server that does harm', () => {
  const IN_TIME = { ...LOOPBACK, limitMs: 400 };

  it('and never answers is left at the limit', async () => {
    const port = await serveRaw(() => undefined);
    expect(await faultOf(`http://127.0.0.1:${port}/`, IN_TIME)).toMatchObject({
      code: 'FETCH_TIMEOUT',
      data: { host: `127.0.0.1:${port}`, limitMs: 400 },
    });
  });

  it('and drips a byte at a time is left at the limit, its connection closed', async () => {
    let closed = (): void => undefined;
    const isClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const port = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const drip = setInterval(() => response.write('x'), 20);
      request.socket.once('close', () => {
        clearInterval(drip);
        closed();
      });
    });
    expect((await faultOf(`http://127.0.0.1:${port}/`, IN_TIME))?.code).toBe('FETCH_TIMEOUT');
    await isClosed;
  });

  it('and resolves for ever is left at the limit', async () => {
    const resolve = () => new Promise<string[]>(() => undefined);
    expect((await faultOf('http://name.example/', { ...IN_TIME, resolve }))?.code).toBe('FETCH_TIMEOUT');
  });

  it('is left at once when the call is given up', async () => {
    const stop = new AbortController();
    const port = await serveRaw(() => stop.abort(new Error('given up')));
    const call = toolOf(LOOPBACK).call({ url: `http://127.0.0.1:${port}/` }, contextOf(null, stop));
    await expect(call).rejects.toThrow('given up');
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(400 * 1024 * 1024))],
    ['br', brotliCompressSync(Buffer.alloc(64 * 1024 * 1024))],
  ])('and sends a bomb of %s is left at the limit of bytes', async (encoding, body) => {
    const before = process.memoryUsage().arrayBuffers;
    const port = await serve(page(body, 'text/html', { 'content-encoding': encoding }));
    expect(await faultOf(`http://127.0.0.1:${port}/`)).toMatchObject({
      code: 'FETCH_TOO_LARGE',
      data: { limit: 4 * 1024 * 1024 },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('and sends without end, plain or as empty packets, is left at the limit of bytes', async () => {
    const empty = gzipSync('');
    for (const [encoding, piece] of [
      ['identity', Buffer.alloc(64 * 1024, 'x')],
      ['gzip', Buffer.concat(Array.from({ length: 3000 }, () => empty))],
    ] as const) {
      const port = await serve((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': encoding });
        const pour = () => {
          while (!response.destroyed && response.write(piece));
        };
        response.on('drain', pour);
        pour();
      });
      expect((await faultOf(`http://127.0.0.1:${port}/`))?.code).toBe('FETCH_TOO_LARGE');
    }
  });

  it.each([
    ['no HTTP', 'SSH-2.0-x\r\n', 'malformed'],
    [
      'a body that breaks off',
      'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 9\r\n\r\nab',
      'broken-off',
    ],
    ['nothing', '', 'broken-off'],
    [
      'what is packed otherwise than it says',
      'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nab',
      'encoding',
    ],
    [
      'a packing nobody asked for',
      'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: compress\r\ncontent-length: 2\r\n\r\nab',
      'encoding',
    ],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`, 'malformed'],
  ])('and sends %s is told from a page', async (_what, bytes, cause) => {
    const port = await serveRaw((socket) => socket.once('data', () => socket.end(bytes)));
    const host = `127.0.0.1:${port}`;
    expect(await faultOf(`http://${host}/`)).toMatchObject({ code: 'FETCH_FAILED', data: { host, cause } });
  });

  it('and takes no connection, has no name or no certificate is told so', async () => {
    const gone = await serve(page('x'));
    await closeServers();
    const plain = await serve(page('x'));
    const cause = async (url: string, options?: FetchOptions) => (await faultOf(url, options))?.data.cause;
    expect(await cause(`http://127.0.0.1:${gone}/`)).toBe('refused');
    expect(await cause('http://name.example/', { ...LOOPBACK, resolve: async () => [] })).toBe(
      'unknown-host',
    );
    const lost = () => Promise.reject(new Error('no answer'));
    expect(await cause('http://name.example/', { ...LOOPBACK, resolve: lost })).toBe('unknown-host');
    expect(await cause(`https://127.0.0.1:${plain}/`)).toBe('certificate');
  });
});
