import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, faultOf, fetchIt, outputOf, page, serve } from '../../testing/fetch-world.ts';

afterEach(closeServers);

describe('a page', () => {
  const html = `<!doctype html><html><head><title> A  page </title><style>p{}</style><script>var no = "<p>no</p>";</script></head>
    <body><h1>Head&amp;line</h1><p>One <b>two</b>
    three.</p><ul><li>first<li><p>second</p></ul><table><tr><td>a</td><td>b</td></tr></table><pre>  x
  y</pre><noscript>never</noscript></body></html>`;

  it('is read as text, with what it came as', async () => {
    const port = await serve(page(html));
    const url = `http://127.0.0.1:${port}/a?b=c#d`;
    expect(await outputOf(url)).toEqual({
      url: `http://127.0.0.1:${port}/a?b=c`,
      finalUrl: `http://127.0.0.1:${port}/a?b=c`,
      ...{
        status: 200,
        contentType: 'text/html',
        charset: 'utf-8',
        repaired: false,
        title: 'A page',
        cut: false,
      },
      text: 'Head&line\n\nOne two three.\n\n- first\n- second\n\na\tb\n\n  x\n  y',
      bytes: Buffer.byteLength(html),
      sha256: createHash('sha256').update(html).digest('hex'),
    });
  });

  it('is asked for with the product’s name and nothing of the person', async () => {
    let seen: NodeJS.Dict<string | string[]> = {};
    const port = await serve((request, response) => {
      seen = request.headers;
      response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': 'a=b' }).end('ok');
    });
    await outputOf(`http://name.example:${port}/`);
    await outputOf(`http://name.example:${port}/`);
    expect(seen).toEqual({
      accept: 'text/html, text/plain, text/markdown, application/json;q=0.9',
      'accept-encoding': 'gzip, br',
      'user-agent': 'SomaAgent/1.2.3',
      host: `name.example:${port}`,
      connection: 'close',
    });
  });

  it.each([
    ['text/plain', 'a  b\n'],
    ['text/markdown', '# a'],
    ['application/json; charset=utf-8', '{"a":"ü"}'],
    ['Text/HTML', ''],
  ])('of the type %s is read as it is', async (type, body) => {
    const port = await serve(page(body, type));
    expect(await outputOf(`http://127.0.0.1:${port}/`)).toMatchObject({ text: body, title: '', cut: false });
  });

  it.each(['image/png', 'application/pdf', 'text/htmlx', 'application/octet-stream', 'nonsense', ''])(
    'of the type %j is refused, and the type named',
    async (type) => {
      const port = await serve((_request, response) => {
        response.writeHead(200, type === '' ? {} : { 'content-type': type }).end('x');
      });
      expect(await faultOf(`http://127.0.0.1:${port}/`)).toMatchObject({
        code: 'FETCH_TYPE_REFUSED',
        data: { type: type.includes('/') ? type : null },
      });
    },
  );

  it.each([404, 418, 500, 503, 304])('with the status %i is none', async (status) => {
    const port = await serve((_request, response) => {
      response
        .writeHead(status, { 'content-type': 'text/html' })
        .end(status === 304 ? undefined : '<p>no</p>');
    });
    const host = `127.0.0.1:${port}`;
    expect(await faultOf(`http://${host}/`)).toMatchObject({ code: 'FETCH_STATUS', data: { host, status } });
  });

  const latin = Buffer.from('<p>caf\xe9 \x92</p>', 'latin1');
  const decoded: readonly {
    readonly how: string;
    readonly type: string;
    readonly body?: Buffer;
    readonly text?: string;
    readonly charset?: string;
  }[] = [
    { how: 'by what the server says', type: 'text/html; charset="windows-1252"' },
    { how: 'by a guess where nobody says', type: 'text/html' },
    { how: 'by a guess where the charset is unknown', type: 'text/html; charset=no-such' },
    {
      how: 'by what the page says',
      body: Buffer.concat([Buffer.from('<meta charset="shift_jis"><p>'), Buffer.from([0x83, 0x65])]),
      ...{ type: 'text/html', text: 'テ', charset: 'shift_jis' },
    },
    {
      how: 'by its mark',
      body: Buffer.from('\ufeff<p>ü</p>', 'utf16le'),
      ...{ type: 'text/html; charset=utf-8', text: 'ü', charset: 'utf-16le' },
    },
  ];
  it.each(decoded)(
    'is decoded $how',
    async ({ body = latin, type, text = 'café ’', charset = 'windows-1252' }) => {
      const port = await serve(page(body, type));
      expect(await outputOf(`http://127.0.0.1:${port}/`)).toMatchObject({ text, charset, repaired: false });
    },
  );

  it('that is not of the charset it says shows so', async () => {
    const port = await serve(page(latin, 'text/html; charset=utf-8'));
    expect(await outputOf(`http://127.0.0.1:${port}/`)).toMatchObject({
      text: 'caf\ufffd \ufffd',
      repaired: true,
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('packed with %s is unpacked, up to four megabytes', async (encoding, pack) => {
    const limit = 4 * 1024 * 1024;
    const of = (body: string) => serve(page(pack(body), 'text/plain', { 'content-encoding': encoding }));
    expect(await outputOf(`http://127.0.0.1:${await of('ü')}/`)).toMatchObject({ text: 'ü', bytes: 2 });
    expect(await outputOf(`http://127.0.0.1:${await of('x'.repeat(limit))}/`)).toMatchObject({
      bytes: limit,
    });
    const fault = await faultOf(`http://127.0.0.1:${await of('x'.repeat(limit + 1))}/`);
    expect(fault?.code).toBe('FETCH_TOO_LARGE');
  });

  it('that is long is cut between characters, and that is said', async () => {
    for (const type of ['text/plain', 'text/html']) {
      const port = await serve(page(`a${'ü'.repeat(150_000)}`, type));
      const { text, cut, bytes } = await outputOf(`http://127.0.0.1:${port}/`);
      expect({ cut, bytes, ends: text.at(-1) }).toEqual({ cut: true, bytes: 300_001, ends: 'ü' });
      expect(Buffer.byteLength(text)).toBe(199_999);
    }
  });

  it.each([
    ['elements in elements', '<b>'.repeat(1_000_000)],
    ['ends of nothing', `${'<b>'.repeat(900)}${'</x>'.repeat(900_000)}`],
    ['one endless attribute', `<a href="${'x'.repeat(4_000_000)}`],
    ['attributes without end', `<a ${'x '.repeat(1_900_000)}`],
    ['one endless comment', `<!--${'-'.repeat(4_000_000)}`],
    ['entities alone', '&amp'.repeat(1_000_000)],
    ['white space alone', ' '.repeat(4_000_000)],
  ])(
    'made of %s ends in time and leaves the loop free',
    async (_what, body) => {
      const port = await serve(page(body));
      let [longest, last] = [0, performance.now()];
      const beat = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 10);
      const done = await fetchIt(`http://127.0.0.1:${port}/`);
      clearInterval(beat);
      expect(done.ok || done.fault.code === 'FETCH_TIMEOUT').toBe(true);
      expect(longest).toBeLessThan(1500);
    },
    30_000,
  );
});
