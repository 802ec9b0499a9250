import { resolve } from 'node:path';
import { restoreBackup } from '@soma/agent-core/adapter/data-backup';
import { acquire, type OwnedFolder, takeBack } from '@soma/agent-core/adapter/data-folder';
import { systemClock } from '@soma/agent-core/adapter/system';
import type { BackupCounts } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { dataSchemas } from '../backup/schemas.ts';
import { ask, type Desk } from './desk.ts';
import { EXIT, type Exit } from './exit.ts';
import { printable } from './printable.ts';
import type { Speech } from './speech.ts';
import type { Use } from './use.ts';

/** Has the host write everything that is kept into a new folder and prove it; without a name, one named by the time, here. */
export async function backUpData(desk: Desk, { folder }: Extract<Use, { verb: 'backup' }>): Promise<Exit> {
  const { speech, ids, startedIn } = desk;
  const { translator } = speech;
  const id = ids.next();
  const named = `soma-backup-${systemClock.now().slice(0, 19).replaceAll(':', '-')}`;
  const path = resolve(startedIn, folder ?? named);
  speech.say(translator.t('terminal.backup.making', { path: printable(path) }));
  const { backup } = await ask(desk, (calls) => calls.data.backup({ id, path }));
  speech.answer(translator.t('terminal.backup.proven', { path: printable(backup.path) }));
  tell(speech, backup.counts);
  return EXIT.done;
}

export interface RestorePlace {
  readonly dataFolder: string;
  /** Where relative paths start. */
  readonly startedIn: string;
}

/** Puts a backup in the place of what a data folder keeps, which nobody may have open. Throws the fault of a refusal. */
export async function restoreData(
  speech: Speech,
  { from }: Extract<Use, { verb: 'restore' }>,
  { dataFolder, startedIn }: RestorePlace,
): Promise<Exit> {
  const { translator } = speech;
  const folder = own(dataFolder);
  try {
    const backup = resolve(startedIn, from);
    const place = { folder: folder.path, from: backup, schemas: dataSchemas, clock: systemClock };
    const { time, counts, aside, later } = await restoreBackup(place);
    speech.answer(translator.t('terminal.backup.restored', { time: new Date(time) }));
    tell(speech, counts);
    if (aside !== null) speech.answer(translator.t('terminal.backup.aside', { path: printable(aside) }));
    for (const { database, facts } of later) {
      if (facts === null) speech.answer(translator.t('terminal.backup.unread', { database }));
      else if (facts > 0) speech.answer(translator.t('terminal.backup.later', { database, later: facts }));
    }
    return EXIT.done;
  } finally {
    folder.release();
  }
}

/** Brings a database to the version an older build of the product knows, after a backup of it. */
export async function takeDataBack(
  speech: Speech,
  { database, version }: Extract<Use, { verb: 'downgrade' }>,
  { dataFolder }: RestorePlace,
): Promise<Exit> {
  const folder = own(dataFolder);
  try {
    const schema = dataSchemas.find(({ name }) => name === database);
    if (schema === undefined) throw new FaultError('INVALID_INPUT', { path: 'database', problem: 'unknown' });
    const place = {
      folder: folder.path,
      schema,
      clock: systemClock,
      exit: 'unclean',
      whenLost: 'refuse',
    } as const;
    const { path } = await takeBack(place, version);
    speech.answer(
      speech.translator.t('terminal.backup.downgraded', { database, version, path: printable(path) }),
    );
    return EXIT.done;
  } finally {
    folder.release();
  }
}

function own(dataFolder: string): OwnedFolder {
  const folder = acquire(dataFolder);
  if (!folder.owned) throw new FaultError('DATA_FOLDER_BUSY', { path: dataFolder }, { when: 'now' });
  return folder;
}

function tell(speech: Speech, counts: BackupCounts): void {
  const say = (line: string) => speech.answer(speech.translator.t(`terminal.backup.${line}`, counts));
  for (const line of ['runs', 'documents', 'texts', 'size']) say(line);
  if (counts.textsMissing > 0) say('missing');
  if (counts.textsDamaged > 0) say('damaged');
}
