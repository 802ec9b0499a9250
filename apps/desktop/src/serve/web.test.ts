import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dialWebSocket } from '@soma/agent-core/adapter/transport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWeb, type Web } from './web.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly cookie: string | null;
}

function get(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => {
        const cookie = response.headers['set-cookie']?.[0] ?? null;
        resolve({ status: response.statusCode ?? 0, text, cookie });
      });
    });
    asked.on('error', reject).end();
  });
}

describe('the app for a browser', () => {
  let page: string;
  let web: Web;
  let pipes = 0;

  beforeEach(async () => {
    page = mkdtempSync(join(tmpdir(), 'soma-web-'));
    writeFileSync(join(page, 'browser.html'), 'the page');
    writeFileSync(join(page, 'app.js'), 'the code');
    pipes = 0;
    web = await openWeb({ page, refusal: 'no', onPipe: () => (pipes += 1) });
  });
  afterEach(async () => {
    await web.close();
    rmSync(page, { recursive: true, force: true });
  });

  /** Comes in with a fresh address; answers the origin and the cookie. */
  async function enter(): Promise<{ origin: string; cookie: string }> {
    const address = web.address();
    const first = await get(address);
    return { origin: new URL(address).origin, cookie: (first.cookie ?? '').split(';')[0] ?? '' };
  }

  it('listens on this machine only', () => {
    expect(new URL(web.address()).hostname).toBe('127.0.0.1');
  });

  it('trades the token on the first GET for a cookie no script and no other site can use', async () => {
    const first = await get(web.address());
    expect(first).toMatchObject({ status: 200, text: 'the page' });
    expect(first.cookie).toMatch(/^soma-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('takes a token once', async () => {
    const address = web.address();
    await get(address);
    expect(await get(address)).toMatchObject({ status: 403, text: 'no', cookie: null });
  });

  it('lets a reload and the files of the page in by the cookie', async () => {
    const { origin, cookie } = await enter();
    expect(await get(`${origin}/`, { cookie })).toMatchObject({
      status: 200,
      text: 'the page',
      cookie: null,
    });
    expect(await get(`${origin}/app.js`, { cookie })).toMatchObject({ status: 200, text: 'the code' });
  });

  it.each<[string, (origin: string, cookie: string) => [string, Record<string, string>, string?]]>([
    ['without a token', (origin) => [`${origin}/`, {}]],
    ['with a wrong token', (origin) => [`${origin}/?token=${'A'.repeat(43)}`, {}]],
    ['for a file without the cookie', (origin) => [`${origin}/app.js`, {}]],
    [
      'with a cookie of its own making',
      (origin, cookie) => [`${origin}/`, { cookie: cookie.replace(/=.*/, '=guess') }],
    ],
    [
      'under a name that was made to point here',
      (origin, cookie) => [`${origin}/`, { cookie, host: 'evil.example' }],
    ],
    [
      'as localhost',
      (origin, cookie) => [`${origin}/`, { cookie, host: `localhost:${new URL(origin).port}` }],
    ],
  ])('refuses whoever comes %s', async (_name, asking) => {
    const { origin, cookie } = await enter();
    const [url, headers, method] = asking(origin, cookie);
    expect(await get(url, headers, method)).toMatchObject({ status: 403, cookie: null });
  });

  it('keeps a token for a GET of the page: HEAD and files do not use it up', async () => {
    const address = web.address();
    const token = new URL(address).search;
    expect((await get(address, {}, 'HEAD')).status).toBe(403);
    expect((await get(`${new URL(address).origin}/app.js${token}`)).status).toBe(403);
    expect((await get(address)).status).toBe(200);
  });

  it('answers no method but GET and HEAD', async () => {
    const { origin, cookie } = await enter();
    expect((await get(`${origin}/`, { cookie }, 'POST')).status).toBe(405);
  });

  it('answers an address that is none like any stranger', async () => {
    const { origin, cookie } = await enter();
    const { port } = new URL(origin);
    const status = await new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '//[', headers: { cookie } }, (response) =>
        resolve(response.resume().statusCode ?? 0),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });

  it('opens a pipe to its own page', async () => {
    const { origin, cookie } = await enter();
    const pipe = await dialWebSocket(`${origin.replace('http', 'ws')}/pipe`, { cookie, origin });
    expect(pipes).toBe(1);
    pipe.close();
  });

  it.each<[string, (origin: string, cookie: string) => [string, Record<string, string>]]>([
    ['without the cookie', (origin) => ['/pipe', { origin }]],
    ['from another page', (_origin, cookie) => ['/pipe', { cookie, origin: 'http://evil.example' }]],
    ['from a page of another port', (_origin, cookie) => ['/pipe', { cookie, origin: 'http://127.0.0.1:1' }]],
    ['from no page', (_origin, cookie) => ['/pipe', { cookie }]],
    ['under another name', (origin, cookie) => ['/pipe', { cookie, origin, host: 'evil.example' }]],
    ['elsewhere', (origin, cookie) => ['/', { cookie, origin }]],
  ])('opens no pipe %s', async (_name, asking) => {
    const { origin, cookie } = await enter();
    const [path, headers] = asking(origin, cookie);
    const dialling = dialWebSocket(`${origin.replace('http', 'ws')}${path}`, headers);
    await expect(dialling).rejects.toThrow('403');
    expect(pipes).toBe(0);
  });
});
