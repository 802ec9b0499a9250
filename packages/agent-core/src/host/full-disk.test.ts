import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/local-store.ts';
import { onSmallDisk } from '../testing/small-disk.ts';

const child = fileURLToPath(new URL('../testing/full-disk-host-child.ts', import.meta.url));
const { path, remove } = temporaryFolder();
const smallDisks = onSmallDisk(path, 'true').status === 0;
remove();

it.runIf(smallDisks)(
  'a host on a full disk is read, refuses every command at once, says so, and goes on when there is room',
  () => {
    const home = temporaryFolder();
    try {
      const [disk, folder] = [join(home.path, 'disk'), join(home.path, 'folder')];
      for (const one of [disk, folder]) mkdirSync(one);
      writeFileSync(join(folder, 'a.txt'), 'ONE\nTWO\n');
      const run = onSmallDisk(disk, `'${process.execPath}' '${child}' '${disk}' '${folder}'`);
      expect(run.stderr).toBe('');
      expect(run.status).toBe(0);
    } finally {
      home.remove();
    }
  },
);
