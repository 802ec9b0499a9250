import { z } from 'zod';
import { FolderRef } from './goal.ts';

export const workspaceEvents = {
  /** A person opened a folder: runs may read inside. */
  'folder.granted': z.object({ folder: FolderRef, name: z.string().min(1).max(255) }),
  /** The folder was pointed to a new place because it had moved. */
  'folder.moved': z.object({ folder: FolderRef }),
  'canvas.created': z.object({
    canvas: z.string().min(1).max(200),
    title: z.string().min(1).max(200),
    folder: z.string().nullable(),
  }),
  'canvas.renamed': z.object({ canvas: z.string(), title: z.string().min(1).max(200) }),
};
