import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILPOINTS } from '../../failpoint/index.ts';
import { contentsOf, fillFolder } from '../../testing/filled-folder.ts';
import { runUntilKilled } from '../../testing/kill.ts';
import { dataSchemas, temporaryFolder } from '../../testing/local-store.ts';
import { systemClock } from '../system/index.ts';
import { makeBackup } from './index.ts';

const entry = new URL('../../testing/backup-child.ts', import.meta.url);
const home = temporaryFolder();
const at = (name: string) => join(home.path, name);
let before: unknown;
let after: unknown;

beforeAll(async () => {
  const common = { schemas: dataSchemas, clock: systemClock, product: '0.0.0' };
  await fillFolder(at('data'), { runs: 2, events: 3, name: 'a' });
  await makeBackup({ ...common, folder: at('data'), target: at('backup'), id: 'b0' });
  before = await contentsOf(at('data'));
  await fillFolder(at('data'), { runs: 1, events: 3, name: 'b' });
  after = await contentsOf(at('data'));
});
afterAll(() => home.remove());

let copies = 0;
function copyOf(name: string): string {
  copies += 1;
  const path = at(`copy-${copies}`);
  cpSync(at(name), path, { recursive: true });
  return path;
}

const hits = (name: string) => (/swap\.|stage|copy/.test(name) ? [1, 4, 7] : [1]);
const points = (prefix: string) =>
  FAILPOINTS.filter((name) => name.startsWith(prefix)).flatMap((name) =>
    hits(name).map((hit) => ({ name, hit })),
  );

describe('a process that is killed', () => {
  it.each(points('restore.'))(
    'at $name, time $hit, while restoring leaves the old or the new, whole',
    async (point) => {
      const folder = copyOf('data');
      const { killed } = await runUntilKilled({ entry, args: ['restore', folder, at('backup')], at: point });
      const found = await contentsOf(folder);
      const agreed = JSON.stringify(found) === JSON.stringify(before);
      expect(found).toEqual(agreed ? before : after);
      if (!killed) expect(agreed).toBe(true);
      expect(readdirSync(folder).filter((name) => name.startsWith('restoring'))).toEqual([]);
      if (agreed) {
        const [aside = ''] = readdirSync(join(folder, 'replaced'));
        expect(await contentsOf(join(folder, 'replaced', aside))).toEqual(after);
      }
    },
  );

  it.each(points('backup.'))(
    'at $name, time $hit, while backing up leaves a whole backup or none',
    async (point) => {
      const folder = copyOf('data');
      const backup = `${folder}.backup`;
      const { killed } = await runUntilKilled({ entry, args: ['backup', folder, backup], at: point });
      expect(await contentsOf(folder)).toEqual(after);
      if (!killed) expect(existsSync(backup)).toBe(true);
      const again = await runUntilKilled({ entry, args: ['backup', folder, backup], at: null });
      expect(again).toMatchObject({ killed: false, code: 0 });
      const fresh = `${folder}.fresh`;
      await runUntilKilled({ entry, args: ['restore', fresh, backup], at: null });
      expect(await contentsOf(fresh)).toEqual(after);
      expect(readdirSync(home.path).filter((name) => name.includes('.soma-'))).toEqual([]);
    },
  );
});
