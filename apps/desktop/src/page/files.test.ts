import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPageFiles } from './files.ts';

describe('files of the page', () => {
  let parent: string;
  let read: ReturnType<typeof createPageFiles>;

  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'soma-page-'));
    const root = join(parent, 'page');
    mkdirSync(join(root, 'assets'), { recursive: true });
    writeFileSync(join(root, 'desktop.html'), '<!doctype html>');
    writeFileSync(join(root, 'assets', 'a b.js'), 'export {};');
    writeFileSync(join(root, 'secret.key'), 'not for the page');
    writeFileSync(join(parent, 'outside.js'), 'outside');
    read = createPageFiles(root, { connect: [] });
  });
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it('are answered with their media type and the policy of the page', async () => {
    const { status, headers, body } = await read('/assets/a%20b.js');
    expect(status).toBe(200);
    expect(new TextDecoder().decode(body ?? undefined)).toBe('export {};');
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
  });

  it('carry the policy even when there is no such file', async () => {
    const { status, headers, body } = await read('/none.js');
    expect([status, body]).toEqual([404, null]);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it.each([
    '/../outside.js',
    '/%2e%2e/outside.js',
    '/assets/../../outside.js',
    '/..%2foutside.js',
    '/assets/%2e%2e%2f%2e%2e%2foutside.js',
    '/\0/outside.js',
    '/%',
    '/secret.key',
    '/assets',
    '/',
    '',
  ])('are never answered for %j', async (path) => {
    expect((await read(path)).status).toBe(404);
  });

  it('never lie outside, whatever is asked', async () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '%2e',
      '%2f',
      '\\',
      'outside.js',
      'assets',
      '%5c',
      '\0',
      '%00',
      '//',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const { body } = await read(pieces.join(''));
        expect(new TextDecoder().decode(body ?? undefined)).not.toBe('outside');
      }),
    );
  });
});
