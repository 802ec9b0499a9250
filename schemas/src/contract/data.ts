import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Fault } from '../event/fault.ts';
import { answer, Id } from './answer.ts';

const Count = z.number().int().min(0);
const Path = z.string().min(1).max(4096);

/**
 * What a backup holds. `textsMissing` are texts that runs name and that are not kept any more, `textsDamaged` such as were left out
 * because they are not what was written. `bytes` is the size of all its files.
 */
export const BackupCounts = z.object({
  events: Count,
  runs: Count,
  documents: Count,
  updates: Count,
  memories: Count,
  texts: Count,
  textsMissing: Count,
  textsDamaged: Count,
  plans: Count,
  commands: Count,
  files: Count,
  bytes: Count,
});
export type BackupCounts = z.infer<typeof BackupCounts>;

/** A backup that was restored into an empty folder, opened there and compared. `time` is RFC 3339, `path` absolute. */
export const ProvenBackup = z.object({ path: z.string(), time: z.iso.datetime(), counts: BackupCounts });
export type ProvenBackup = z.infer<typeof ProvenBackup>;

/** What a backup under way does: it copies everything, then restores the copy elsewhere and compares. */
export const BackupPhase = z.enum(['copying', 'proving']);
export type BackupPhase = z.infer<typeof BackupPhase>;

/** A folder that says it is a backup: what its own list of files says, or why that cannot be used. */
export const ListedBackup = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), path: z.string(), time: z.iso.datetime(), counts: BackupCounts }),
  z.object({ ok: z.literal(false), path: z.string(), fault: Fault }),
]);
export type ListedBackup = z.infer<typeof ListedBackup>;

/** Copies of one database that are made by themselves, once a day and before each migration, inside the data folder. */
export const OwnCopies = z.object({
  database: z.string(),
  copies: Count,
  newest: z.iso.datetime(),
  bytes: Count,
});
export type OwnCopies = z.infer<typeof OwnCopies>;

/**
 * A folder inside the data folder that nothing reads any more: what a restore replaced, or files that were damaged, as they were found. `time` is
 * when it was set aside; null where its name does not say. `bytes` is the size of all its files.
 */
export const SetAside = z.object({
  path: z.string(),
  why: z.enum(['replaced', 'damaged']),
  time: z.iso.datetime().nullable(),
  bytes: Count,
});
export type SetAside = z.infer<typeof SetAside>;

/** What there is of backups. */
export const BackupsView = z.object({
  /** Absolute path of the folder that was looked into. */
  folder: z.string(),
  /** Absolute path for a backup made there now; nothing has that name. */
  next: z.string(),
  /** Those right in the folder, newest first; `more` are older and left out. */
  backups: z.array(ListedBackup),
  more: Count,
  own: z.array(OwnCopies),
  /** Newest first. It stays until a person removes it. */
  aside: z.array(SetAside),
  /** The one that is being made now, here or elsewhere, and since when. */
  making: z.object({ path: z.string(), since: z.iso.datetime(), phase: BackupPhase }).nullable(),
});
export type BackupsView = z.infer<typeof BackupsView>;

export const dataContract = {
  /**
   * The backups that lie right in a folder; null is the one beside the data folder. One that is not there holds none. Refused with
   * BACKUP_PLACE_REFUSED.
   */
  list: oc.input(z.object({ folder: Path.nullable() })).output(answer({ backups: BackupsView })),
  /**
   * Writes everything that is kept into a new folder at `path`, and proves that it can be restored; answers when it is proven. Refused
   * with BACKUP_PLACE_REFUSED, BACKUP_BROKEN (the proof failed and nothing is left of it), DATABASE_DAMAGED, DISK_FULL.
   */
  backup: oc.input(z.object({ id: Id, path: Path })).output(answer({ backup: ProvenBackup })),
};
