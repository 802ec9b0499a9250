import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '@soma/schemas/event';
import { expect } from 'vitest';
import { makeBackup, restoreBackup } from '../adapter/data-backup/index.ts';
import { acquire, openDatabase } from '../adapter/data-folder/index.ts';
import { createSqliteMemory, memorySchema } from '../adapter/sqlite-memory/index.ts';
import { systemClock } from '../adapter/system/index.ts';
import type { MemoryEntry } from '../port/index.ts';
import { type Behaviour, spoil } from './damage-scenario.ts';
import { contentsOf, fillFolder } from './filled-folder.ts';
import { aScope, dataSchemas } from './local-store.ts';
import type { Random } from './random.ts';

const RUNS = 12;

/** What a memory answers to one question for each run, by the run's name. */
async function recalled(
  folder: string,
): Promise<{ mended: boolean; answers: readonly (readonly MemoryEntry[])[] }> {
  let mended = false;
  const memory = createSqliteMemory(async () => {
    const file = await openDatabase({
      ...{ folder, schema: memorySchema, clock: systemClock },
      ...{ exit: 'unclean', whenLost: 'begin-anew' },
    });
    mended = file.mended !== null;
    return file;
  });
  try {
    const answers = [];
    for (let run = 0; run < RUNS; run += 1) {
      const by = { name: 'words', text: `m-${run}` } as const;
      answers.push(await memory.recall({ scope: aScope(), folder: '/folder', by, limit: 100 }));
    }
    return { mended, answers };
  } finally {
    await memory.close();
  }
}

export interface Damageable {
  /** Damages a copy at one place and asks it everything; any silent wrong answer fails the test. */
  damage(random: Random, folder: string): Promise<Behaviour>;
}

/** A memory: it answers as before, or says that it was mended or is damaged, and never answers what was not remembered. */
export async function damageableMemory(folder: string): Promise<Damageable> {
  await fillFolder(folder, { runs: RUNS, events: 2, name: 'm' });
  const right = await recalled(folder);
  const all = right.answers.flat();
  return {
    damage: async (random, copy) => {
      copyInto(folder, copy);
      const how = spoil(join(copy, 'memory.db'), random);
      try {
        const { mended, answers } = await recalled(copy);
        if (!mended) expect(answers, how).toEqual(right.answers);
        for (const one of answers.flat()) expect(all, how).toContainEqual(one);
        return mended ? 'mended' : 'unharmed';
      } catch (error) {
        return refusedWith(error, ['DATABASE_DAMAGED', 'DATA_FOLDER_NEWER'], how);
      }
    },
  };
}

/** A backup: it restores to what was backed up, or is refused and has changed nothing. */
export async function damageableBackup(folder: string): Promise<Damageable> {
  const data = join(folder, 'data');
  const backup = join(folder, 'backup');
  const common = { schemas: dataSchemas, clock: systemClock };
  await fillFolder(data, { runs: 4, events: 4, name: 'b' });
  await makeBackup({ ...common, folder: data, target: backup, id: 'b', product: '0.0.0' });
  const right = await contentsOf(data);
  return {
    damage: async (random, copy) => {
      copyInto(backup, copy);
      const files = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      const file = files[random.below(files.length)];
      if (file === undefined) throw new Error('a backup without files');
      const how = spoil(join(file.parentPath, file.name), random);
      const target = `${copy}.restored`;
      rmSync(target, { recursive: true, force: true });
      const owned = acquire(target);
      if (!owned.owned) throw new Error('another process owns the folder');
      try {
        await restoreBackup({ ...common, folder: target, from: copy });
      } catch (error) {
        expect(existsSync(join(target, 'ledger.db')), how).toBe(false);
        return refusedWith(error, ['BACKUP_BROKEN', 'DATA_FOLDER_NEWER'], how);
      } finally {
        owned.release();
      }
      expect(await contentsOf(target), how).toEqual(right);
      return 'unharmed';
    },
  };
}

function copyInto(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

function refusedWith(error: unknown, codes: readonly string[], how: string): Behaviour {
  if (!(error instanceof FaultError)) throw new Error(how, { cause: error });
  expect(codes, how).toContain(error.fault.code);
  return 'refused';
}
