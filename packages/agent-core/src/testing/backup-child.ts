// Makes a backup of a data folder, or restores one, until it is killed. Arguments: failpoint, `backup` or `restore`, data folder, backup.
import assert from 'node:assert/strict';
import { makeBackup, restoreBackup } from '../adapter/data-backup/index.ts';
import { acquire } from '../adapter/data-folder/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import { armKill } from './kill.ts';
import { dataSchemas } from './local-store.ts';

const [point, what, folder = '', backup = ''] = process.argv.slice(2);
const common = { folder, schemas: dataSchemas, clock: systemClock };
if (what === 'backup') {
  armKill(point);
  await makeBackup({ ...common, target: backup, id: 'b1', product: '0.0.0' });
} else {
  const owned = acquire(folder);
  assert.ok(owned.owned);
  armKill(point);
  await restoreBackup({ ...common, from: backup });
  owned.release();
}
