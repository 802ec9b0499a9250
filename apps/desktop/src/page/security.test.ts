import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from './security.ts';

const page = (name: string) => readFileSync(join(import.meta.dirname, '..', 'renderer', name), 'utf8');

describe('the policy of the page', () => {
  it('stands in the window page itself too, as far as a page can say it', () => {
    const meta = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page('desktop.html'))?.[1];
    const inHeader = contentSecurityPolicy({ connect: [] }).split('; ');
    expect(meta?.split('; ')).toEqual(
      inHeader.filter((directive) => !directive.startsWith('frame-ancestors')),
    );
  });

  it('lets a tab connect to its own host and to nothing else', () => {
    expect(contentSecurityPolicy({ connect: ['ws://127.0.0.1:9'] })).toContain(
      "connect-src 'self' ws://127.0.0.1:9;",
    );
    expect(contentSecurityPolicy({ connect: [] })).toContain("connect-src 'self';");
  });

  it.each(['desktop.html', 'browser.html'])(
    'is kept by %s: no script, style or handler within it',
    (name) => {
      expect(page(name)).not.toMatch(/<style|\son\w+=|javascript:|<script(?![^>]*src=)/);
    },
  );
});
