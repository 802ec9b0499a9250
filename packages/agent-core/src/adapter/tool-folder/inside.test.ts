import { execFileSync, spawn } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { FaultError } from '@soma/schemas/event';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { linesOf, readText, resolveFolder } from './inside.ts';

const SECRET = 'a secret of the person\n';
let outside: SampleFolder;
let folder: SampleFolder;

beforeAll(() => {
  outside = sampleFolder({ 'secret.txt': SECRET, 'sub/file.txt': SECRET });
  folder = sampleFolder({
    'a.txt': 'inside\n',
    'sub/b.txt': 'below\n',
    '..txt': 'dots\n',
    'CASE.txt': 'case\n',
    '%2e%2e/x.txt': 'encoded\n',
    '~/x.txt': 'tilde\n',
    'back\\slash.txt': 'backslash\n',
  });
  symlinkSync(`${outside.path}/secret.txt`, folder.at('link-to-file'));
  symlinkSync(outside.path, folder.at('link-to-folder'));
  symlinkSync('link-to-file', folder.at('link-to-link'));
  symlinkSync('../../../../../../../../../etc/passwd', folder.at('link-relative'));
  symlinkSync('/proc/self/root/etc/passwd', folder.at('link-proc'));
  symlinkSync('/dev/zero', folder.at('link-device'));
  symlinkSync('loop', folder.at('loop'));
  symlinkSync('missing', folder.at('dangling'));
  symlinkSync('a.txt', folder.at('link-inside'));
  symlinkSync(`${folder.path}-sibling`, folder.at('link-sibling'));
  mkdirSync(`${folder.path}-sibling`);
  writeFileSync(`${folder.path}-sibling/x.txt`, SECRET);
  execFileSync('mkfifo', [folder.at('pipe')]);
});

afterAll(() => {
  folder.remove();
  outside.remove();
  execFileSync('rm', ['-rf', `${folder.path}-sibling`]);
});

/** The text, or the code of the refusal. */
async function read(path: string): Promise<string> {
  try {
    return (await readText(folder.path, path)).text;
  } catch (error) {
    if (error instanceof FaultError) return error.fault.code;
    throw error;
  }
}

describe('reading inside a folder', () => {
  it.each([
    'a.txt',
    './a.txt',
    'sub/../a.txt',
    'sub/./b.txt',
    'sub//b.txt',
    '..txt',
    '%2e%2e/x.txt',
    '~/x.txt',
    'back\\slash.txt',
    'link-inside',
  ])('reads %j, which lies inside', async (path) => {
    expect(await read(path)).toMatch(/^[a-z]+\n$/);
  });

  it.each([
    '..',
    '../',
    '../x',
    '../../etc/passwd',
    'sub/../../x',
    'sub/../../../etc/passwd',
    '/etc/passwd',
    '//etc/passwd',
    '/',
    'a.txt\0',
    '\0',
    'a.txt\0/../../etc/passwd',
    'link-to-file',
    'link-to-folder',
    'link-to-folder/secret.txt',
    'link-to-folder/sub/file.txt',
    'link-to-link',
    'link-relative',
    'link-proc',
    'link-device',
    'link-sibling/x.txt',
    'link-to-folder/../secret.txt',
    './link-to-file',
    'sub/../link-to-file',
    '..\\..\\etc\\passwd',
    '.. /x',
    '\u2025/etc/passwd',
    '\uff0e\uff0e/etc/passwd',
    '%2e%2e/%2e%2e/etc/passwd',
    'C:\\Windows\\win.ini',
    '\\\\server\\share',
    'sub/b.txt/..',
    'a.txt/',
    '',
    '.',
    'sub',
    'pipe',
    'loop',
    'dangling',
    'missing',
    'a.txt/x',
    'case.txt',
    'x'.repeat(5000),
    'file:///etc/passwd',
    'sub/'.repeat(2000),
    '~root/x',
    '$HOME/x',
    'a.txt\n',
  ])('refuses %j with a code', async (path) => {
    expect(await read(path)).toMatch(/^(PATH_OUTSIDE|FILE_GONE|FILE_UNREADABLE)$/);
  });

  it('says that a path leads out only when it does', async () => {
    expect(await read('link-to-file')).toBe('PATH_OUTSIDE');
    expect(await read('../x')).toMatch(/PATH_OUTSIDE|FILE_GONE/);
    expect(await read('missing')).toBe('FILE_GONE');
    expect(await read('sub')).toBe('FILE_UNREADABLE');
  });

  it('reads a file with a second name, because both names are inside', async () => {
    linkSync(folder.at('a.txt'), folder.at('sub/second.txt'));
    expect(await read('sub/second.txt')).toBe('inside\n');
  });

  it('refuses binary and too large files', async () => {
    folder.write({ 'binary.bin': Uint8Array.of(1, 0, 2), 'large.txt': 'x'.repeat(101) });
    expect(await read('binary.bin')).toBe('FILE_BINARY');
    await expect(readText(folder.path, 'large.txt', 100)).rejects.toMatchObject({
      fault: { code: 'FILE_TOO_LARGE' },
    });
  });

  it('never reads what lies outside while a folder is swapped with a link that leads out', async () => {
    folder.write({ 'swap/file.txt': 'inside\n' });
    mkdirSync(outside.at('swap'), { recursive: true });
    writeFileSync(outside.at('swap/file.txt'), SECRET);
    symlinkSync(outside.at('swap'), folder.at('swap-link'));
    const code = `const {renameSync: mv} = require('fs'); process.chdir(${JSON.stringify(folder.path)});
      for (;;) { mv('swap','swap-real'); mv('swap-link','swap'); mv('swap','swap-link'); mv('swap-real','swap'); }`;
    const swapping = spawn(process.execPath, ['-e', code]);
    const seen: Record<string, number> = {};
    try {
      for (let index = 0; index < 10_000; index += 1) {
        const found = await read('swap/file.txt');
        seen[found] = (seen[found] ?? 0) + 1;
        expect(found).not.toBe(SECRET);
      }
    } finally {
      swapping.kill('SIGKILL');
    }
    // Both were met: otherwise nothing was swapped under the reader.
    expect(seen['inside\n']).toBeGreaterThan(100);
    expect(seen.PATH_OUTSIDE).toBeGreaterThan(100);
  }, 60_000);
});

describe('a granted folder', () => {
  it('is resolved through links to where it really lies', async () => {
    symlinkSync(folder.path, outside.at('granted'));
    expect(await resolveFolder(outside.at('granted'))).toBe(folder.path);
  });
});

describe('lines', () => {
  it('end with LF or CRLF, and a last line without an end counts', () => {
    expect(linesOf('a\nb\r\nc')).toEqual(['a', 'b', 'c']);
    expect(linesOf('a\n')).toEqual(['a']);
    expect(linesOf('')).toEqual([]);
    expect(linesOf('\n\n')).toEqual(['', '']);
  });
});
