import { z } from 'zod';
import { Budget } from './budget.ts';
import { Sha256 } from './content.ts';
import { FolderRef } from './goal.ts';
import { PlanRef } from './plan.ts';

/**
 * What a person allowed for a folder until a date. It covers calls of `tool`; with `argumentsHash`, only those with exactly these
 * arguments. `until` is RFC 3339.
 */
export const Permission = z.object({
  id: z.string().min(1).max(200),
  folder: z.string(),
  tool: z.string(),
  argumentsHash: Sha256.nullable(),
  until: z.iso.datetime(),
});
export type Permission = z.infer<typeof Permission>;

export const workspaceEvents = {
  /** A person kept a plan of their own. Its file may be changed since by any editor: what a run follows is in the run's own events. */
  'plan.kept': z.object({ plan: PlanRef }),
  /** A person removed a plan of their own; its file was moved aside, to `path`. */
  'plan.forgotten': z.object({ plan: z.string().min(1).max(255), path: z.string().min(1).max(4096) }),
  /** `run` and `approval` name the question it was the answer to. */
  'permission.granted': z.object({ permission: Permission, run: z.string(), approval: z.string() }),
  /** A standing permission ended. */
  'permission.revoked': z.object({ permission: z.string() }),
  /** A person opened a folder: runs may read inside. */
  'folder.granted': z.object({ folder: FolderRef, name: z.string().min(1).max(255) }),
  /** The folder was pointed to a new place because it had moved. */
  'folder.moved': z.object({ folder: FolderRef }),
  'canvas.created': z.object({
    canvas: z.string().min(1).max(200),
    title: z.string().min(1).max(200),
    folder: z.string().nullable(),
  }),
  /** A person set what models may cost. */
  'budget.set': z.object({ budget: Budget }),
  'canvas.renamed': z.object({ canvas: z.string(), title: z.string().min(1).max(200) }),
};
