import { oc } from '@orpc/contract';
import { z } from 'zod';
import { answer, Id } from './answer.ts';

const Count = z.number().int().min(0);

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

export const dataContract = {
  /**
   * Writes everything that is kept into a new folder at `path`, and proves that it can be restored; answers when it is proven. Refused
   * with BACKUP_PLACE_REFUSED, BACKUP_BROKEN (the proof failed and nothing is left of it), DATABASE_DAMAGED, DISK_FULL.
   */
  backup: oc
    .input(z.object({ id: Id, path: z.string().min(1).max(4096) }))
    .output(answer({ backup: ProvenBackup })),
};
