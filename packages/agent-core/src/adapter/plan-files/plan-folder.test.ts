import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arm, FAILPOINTS, type Failpoint } from '../../failpoint/index.ts';
import { runUntilKilled } from '../../testing/kill.ts';
import { temporaryFolder } from '../../testing/local-store.ts';
import { systemClock } from '../system/index.ts';
import { OWN_PLAN_LIMIT, PlanFolder } from './index.ts';

describe('a folder of plan files', () => {
  let root: string;
  let remove: () => void;
  let folder: string;
  let plans: PlanFolder;
  const open = () => new PlanFolder({ folder, clock: systemClock });
  beforeEach(() => {
    ({ path: root, remove } = temporaryFolder());
    folder = join(root, 'plans');
    plans = open();
  });
  afterEach(() => remove());

  const write = (file: string, text: string | Uint8Array) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const removed = () => {
    const aside = join(folder, 'removed');
    return readdirSync(aside)
      .sort()
      .map((name) => readFileSync(join(aside, name), 'utf8'));
  };
  const faultsOf = async () =>
    Object.fromEntries((await plans.read()).map(({ file, fault }) => [file, fault?.code ?? 'none']));

  it('is empty until something is kept, which a new process reads again', async () => {
    expect(await plans.read()).toEqual([]);
    expect(await plans.keep('a.yaml', 'one')).toBe(join(folder, 'a.yaml'));
    expect(await open().read()).toMatchObject([{ file: 'a.yaml', source: 'one' }]);
  });

  it('keeps what it replaces and what it forgets', async () => {
    for (const text of ['one', 'two', 'two', 'three']) await plans.keep('a.yaml', text);
    const aside = await plans.forget('a.yaml');
    expect(readFileSync(aside, 'utf8')).toBe('three');
    expect(removed()).toEqual(['one', 'two', 'three']);
    expect(await plans.read()).toEqual([]);
    await expect(plans.forget('a.yaml')).rejects.toMatchObject({ fault: { code: 'FILE_GONE' } });
  });

  it('answers the same object while a file is unchanged, and the new text after any editor wrote it', async () => {
    write('a.yaml', 'one');
    write('b.yaml', 'two');
    const [a, b] = await plans.read();
    expect((await plans.read())[0]).toBe(a);
    // As long as before, and within the same moment.
    write('a.yaml', 'ONE');
    const again = await plans.read();
    expect(again[0]).toMatchObject({ source: 'ONE' });
    expect(again[1]).toBe(b);
  });

  it('notices a file that was put in the place of another with its time and its length', async () => {
    write('a.yaml', 'one');
    const long = new Date('2026-01-01T00:00:00.000Z');
    utimesSync(join(folder, 'a.yaml'), long, long);
    await plans.read();
    rmSync(join(folder, 'a.yaml'));
    write('a.yaml', 'ONE');
    utimesSync(join(folder, 'a.yaml'), long, long);
    expect(await plans.read()).toMatchObject([{ source: 'ONE' }]);
  });

  it('follows no link out of itself, and opens nothing but files', async () => {
    write('inside.yaml', 'one');
    writeFileSync(join(root, 'secret.yaml'), 'secret');
    symlinkSync(join(root, 'secret.yaml'), join(folder, 'out.yaml'));
    symlinkSync('inside.yaml', join(folder, 'link.yaml'));
    symlinkSync('loop.yaml', join(folder, 'loop.yaml'));
    symlinkSync('nowhere.yaml', join(folder, 'dangling.yaml'));
    mkdirSync(join(folder, 'folder.yaml'));
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    expect(await faultsOf()).toEqual({
      'dangling.yaml': 'FILE_GONE',
      'folder.yaml': 'FILE_UNREADABLE',
      'inside.yaml': 'none',
      'link.yaml': 'none',
      'loop.yaml': 'FILE_UNREADABLE',
      'out.yaml': 'PATH_OUTSIDE',
      'pipe.yaml': 'FILE_UNREADABLE',
    });
    await plans.keep('out.yaml', 'mine');
    expect(readFileSync(join(root, 'secret.yaml'), 'utf8')).toBe('secret');
    expect(readFileSync(join(folder, 'out.yaml'), 'utf8')).toBe('mine');
  });

  it('says of each file that it does not read why', async () => {
    write('large.yaml', 'x'.repeat(1_000_000));
    write('latin.yaml', Uint8Array.of(0x61, 0xe4, 0x0a));
    write('binary.yaml', Uint8Array.of(0x61, 0, 0x0a));
    write('My Plan.yml', 'one');
    write('.hidden.yaml', 'one');
    write('a.yaml.part', 'half');
    expect(await faultsOf()).toEqual({
      'My Plan.yml': 'PLAN_INVALID',
      'binary.yaml': 'FILE_BINARY',
      'large.yaml': 'FILE_TOO_LARGE',
      'latin.yaml': 'PLAN_INVALID',
    });
    await expect(plans.keep('../out.yaml', 'one')).rejects.toMatchObject({ fault: { code: 'PLAN_INVALID' } });
  });

  it('of a thousand files reads the first ones and says of the others that they are too many', async () => {
    for (let number = 0; number < 1000; number += 1) write(`p${String(number).padStart(4, '0')}.yaml`, 'one');
    const read = await plans.read();
    expect(read.filter(({ source }) => source !== undefined)).toHaveLength(OWN_PLAN_LIMIT);
    expect(read.filter(({ fault }) => fault?.code === 'PLAN_TOO_MANY')).toHaveLength(1000 - OWN_PLAN_LIMIT);
    await expect(plans.keep('new.yaml', 'one')).rejects.toMatchObject({ fault: { code: 'PLAN_TOO_MANY' } });
    await plans.keep('p0001.yaml', 'two');
  });

  it('that is no folder says so', async () => {
    writeFileSync(folder, 'a file');
    await expect(plans.read()).rejects.toMatchObject({ fault: { code: 'DATA_FOLDER_UNUSABLE' } });
    await expect(plans.keep('a.yaml', 'one')).rejects.toMatchObject({
      fault: { code: 'DATA_FOLDER_UNUSABLE' },
    });
  });

  const entry = new URL('../../testing/keep-plans-child.ts', import.meta.url);

  it.each([
    { name: 'plans.keep.before', hit: 2 } as const,
    { name: 'plans.keep.aside', hit: 2 } as const,
    { name: 'plans.keep.after', hit: 2 } as const,
    700,
    900,
    1100,
  ])('of a process that is killed at %j holds one whole text', async (at) => {
    await plans.keep('a.yaml', 'x'.repeat(50_000));
    expect((await runUntilKilled({ entry, args: [folder, 'yz'], at })).killed).toBe(true);
    const [held] = await open().read();
    expect(held?.source).toMatch(/^(x{50000}|y{50000}|z{50000})$/);
  });

  const points = FAILPOINTS.filter((name) => name.startsWith('plans.'));

  it.each(points)(
    'cut off at %s holds the old text or the new, whole, and the old one is never lost',
    async (at: Failpoint) => {
      await plans.keep('a.yaml', 'old');
      const disarm = arm(at, () => {
        throw new Error('cut off');
      });
      const write = at.startsWith('plans.keep') ? plans.keep('a.yaml', 'new') : plans.forget('a.yaml');
      await expect(write).rejects.toThrow('cut off');
      disarm();
      const texts = (await open().read()).map(({ source }) => source);
      expect([[], ['old'], ['new']]).toContainEqual(texts);
      const kept = texts.includes('old') ? texts : removed();
      expect(kept).toContain('old');
      await plans.keep('a.yaml', 'new');
      expect(await open().read()).toMatchObject([{ source: 'new' }]);
    },
  );
});
