import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseStandIn } from '../package/package.mjs';
import { environment, hasDisplay } from './place.mjs';
import { hashOf, readStamp, unlessDone } from './stamp.mjs';
import { startedBy } from './start.mjs';
import { administrator, missingLibraries, namedHere, onPath } from './system-parts.mjs';
import { sum, tallyOf } from './tally.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soma-launch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what a start opens', () => {
  it('is the window, or the same app in a browser where there is no display', () => {
    expect(startedBy([], true)).toBe('window');
    expect(startedBy([], false)).toBe('serve');
  });

  it('is the browser when asked for by name, and the terminal for anything else', () => {
    expect(startedBy(['serve'], true)).toBe('serve');
    expect(startedBy(['run', 'Explain this folder'], true)).toBe('terminal');
    expect(startedBy(['--help'], false)).toBe('terminal');
  });

  it('knows a display by X11 or Wayland', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
    expect(hasDisplay({}, 'darwin')).toBe(true);
  });
});

describe('the environment of a child', () => {
  it("puts the workspace's programs first, leaves npm's silence out and says where the person stands", () => {
    process.env.npm_config_loglevel = 'silent';
    const env = environment({ MORE: '1' });
    expect(env.PATH).toMatch(/node_modules[/\\]\.bin[:;]/);
    expect(env.npm_config_loglevel).toBeUndefined();
    expect(env.INIT_CWD).toBe(process.env.INIT_CWD ?? process.cwd());
    expect(env.MORE).toBe('1');
  });
});

describe('a stamp', () => {
  const put = (path: string, text: string): void => writeFileSync(join(folder, path), text);

  it('changes with content, name and presence, and with nothing else', () => {
    mkdirSync(join(folder, 'src'));
    put('src/a.ts', 'a');
    const first = hashOf(folder, ['src', 'lock']);
    put('src/a.ts', 'a');
    expect(hashOf(folder, ['src', 'lock'])).toBe(first);
    put('src/a.ts', 'b');
    const second = hashOf(folder, ['src', 'lock']);
    expect(second).not.toBe(first);
    put('lock', '');
    expect(hashOf(folder, ['src', 'lock'])).not.toBe(second);
  });

  it('leaves out what does not count', () => {
    put('a.ts', 'a');
    const whole = hashOf(folder, ['.'], (path) => !path.endsWith('.test.ts'));
    put('a.test.ts', 'x');
    expect(hashOf(folder, ['.'], (path) => !path.endsWith('.test.ts'))).toBe(whole);
  });

  it('keeps work from being done twice, and is written only after work that ended well', async () => {
    const stamp = join(folder, 'deep', 'stamp.json');
    let times = 0;
    const work = async (): Promise<void> => {
      times += 1;
      if (times === 1) throw new Error('killed');
    };
    await expect(unlessDone(stamp, { in: '1' }, work)).rejects.toThrow('killed');
    await unlessDone(stamp, { in: '1' }, work);
    await unlessDone(stamp, { in: '1' }, work);
    expect(times).toBe(2);
    await unlessDone(stamp, { in: '2' }, work);
    expect(times).toBe(3);
  });

  it('that is damaged counts as none', () => {
    put('stamp.json', '{"in": "1');
    expect(readStamp(join(folder, 'stamp.json'))).toEqual({});
  });
});

describe('parts of the system', () => {
  it('are found as programs on the path', () => {
    writeFileSync(join(folder, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(folder, 'text'), '', { mode: 0o644 });
    expect(onPath('tool', `/nowhere:${folder}`)).toBe(true);
    expect(onPath('text', folder)).toBe(false);
    expect(onPath('tool', '/nowhere')).toBe(false);
  });

  it('are read out of what ldd prints', () => {
    const listing =
      '\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibgtk-3.so.0 => not found\n\tlibnss3.so => not found\n';
    expect(missingLibraries(listing)).toEqual(['libgtk-3.so.0', 'libnss3.so']);
  });

  it('are installed by root, or by sudo without a password, and only with apt', () => {
    expect(administrator({ root: true, sudo: false, apt: true })).toEqual([]);
    expect(administrator({ root: false, sudo: true, apt: true })).toEqual(['sudo', '-n']);
    expect(administrator({ root: false, sudo: false, apt: true })).toBeUndefined();
    expect(administrator({ root: true, sudo: true, apt: false })).toBeUndefined();
  });

  it('have the names this release of the system gives them', () => {
    expect(namedHere(['libgtk-3-0', 'xvfb'], new Set(['libgtk-3-0t64', 'xvfb']))).toEqual([
      'libgtk-3-0t64',
      'xvfb',
    ]);
  });
});

describe('counting results', () => {
  const report = (more: object): string =>
    JSON.stringify({
      numTotalTests: 2,
      numPassedTests: 2,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [],
      ...more,
    });

  it('takes what passed', () => {
    expect(tallyOf(report({}), { code: 0 })).toEqual({ passed: 2, failed: 0, notes: [] });
  });

  it('counts a skipped test as failed', () => {
    expect(tallyOf(report({ numPassedTests: 1, numPendingTests: 1 }), { code: 0 })).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  it('counts a file that could not be loaded', () => {
    const testResults = [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }];
    expect(tallyOf(report({ testResults }), { code: 1 })).toMatchObject({ passed: 2, failed: 1 });
  });

  it('counts an end that no test explains, no report, and no test at all', () => {
    expect(tallyOf(report({}), { code: 1 })).toMatchObject({ passed: 2, failed: 1 });
    expect(tallyOf(undefined, { code: 1 })).toMatchObject({ passed: 0, failed: 1 });
    expect(tallyOf(report({ numTotalTests: 0, numPassedTests: 0 }), { code: 0 })).toMatchObject({
      passed: 0,
      failed: 1,
    });
  });

  it('sums', () => {
    expect(
      sum([
        { passed: 1, failed: 2 },
        { passed: 3, failed: 4 },
      ]),
    ).toEqual({ passed: 4, failed: 6 });
  });
});

describe('a release', () => {
  it('is never made from the stand-in Electron', () => {
    expect(() => refuseStandIn({ version: '45.4.1' })).not.toThrow();
    expect(() => refuseStandIn({ version: '33.2.1', driver: '/cache/better-sqlite3/lib/index.js' })).toThrow(
      expect.objectContaining({ code: 'PACKAGE_STAND_IN_REFUSED' }),
    );
  });
});
