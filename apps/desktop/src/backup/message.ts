import { BackupPhase, ProvenBackup } from '@soma/schemas/contract';
import { Fault } from '@soma/schemas/event';
import { z } from 'zod';

/** What the thread is started with: absolute paths, the command's id, and the version of the product. */
export const BackupTask = z.object({
  folder: z.string().min(1),
  target: z.string().min(1),
  id: z.string(),
  product: z.string(),
});
export type BackupTask = z.infer<typeof BackupTask>;

/** What the thread says: each phase as it begins, then what came of it. */
export const BackupWord = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), phase: BackupPhase }),
  z.object({ type: z.literal('proven'), backup: ProvenBackup }),
  z.object({ type: z.literal('refused'), fault: Fault }),
]);
export type BackupWord = z.infer<typeof BackupWord>;
