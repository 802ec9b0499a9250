import { z } from 'zod';
import { Budget, FIRST_BUDGET } from '../event/budget.ts';
import type { RecordedEvent } from '../event/registry.ts';
import { Permission } from '../event/workspace.ts';

/** A folder a person opened: where it is and what to call it. */
export const Folder = z.object({ id: z.string(), path: z.string(), name: z.string() });
export type Folder = z.infer<typeof Folder>;

/** A board and the folder its goals are about. */
export const Canvas = z.object({ id: z.string(), title: z.string(), folder: z.string().nullable() });
export type Canvas = z.infer<typeof Canvas>;

/** The fold of one workspace's stream. Folders and canvases are in the order they came. */
export const WorkspaceState = z.object({
  sequence: z.number().int().min(0),
  folders: z.array(Folder),
  canvases: z.array(Canvas),
  /** Standing permissions that nobody has revoked; some may be past their date. */
  permissions: z.array(Permission),
  /** What a person said that models may cost; left out until then. */
  budget: Budget.optional(),
});
export type WorkspaceState = z.infer<typeof WorkspaceState>;

export const EMPTY_WORKSPACE: WorkspaceState = {
  sequence: 0,
  folders: [],
  canvases: [],
  permissions: [],
};

/** What models may cost. */
export function budgetOf({ budget = FIRST_BUDGET }: Pick<WorkspaceState, 'budget'>): Budget {
  return budget;
}

/** The name of a workspace's stream. */
export function workspaceStream(workspace: string): string {
  return `workspace/${workspace}`;
}

/** The state after one more event; events of other streams change nothing. */
export function evolveWorkspace(state: WorkspaceState, event: RecordedEvent): WorkspaceState {
  switch (event.type) {
    case 'folder.granted': {
      const { folder, name } = event.data;
      const others = state.folders.filter((known) => known.id !== folder.id);
      return { ...state, sequence: event.sequence, folders: [...others, { ...folder, name }] };
    }
    case 'folder.moved': {
      const { id, path } = event.data.folder;
      const folders = state.folders.map((folder) => (folder.id === id ? { ...folder, path } : folder));
      return { ...state, sequence: event.sequence, folders };
    }
    case 'canvas.created': {
      const { canvas: id, title, folder } = event.data;
      return { ...state, sequence: event.sequence, canvases: [...state.canvases, { id, title, folder }] };
    }
    case 'canvas.renamed': {
      const { canvas: id, title } = event.data;
      const canvases = state.canvases.map((canvas) => (canvas.id === id ? { ...canvas, title } : canvas));
      return { ...state, sequence: event.sequence, canvases };
    }
    case 'permission.granted': {
      const { permission } = event.data;
      const others = state.permissions.filter(({ id }) => id !== permission.id);
      return { ...state, sequence: event.sequence, permissions: [...others, permission] };
    }
    case 'permission.revoked': {
      const permissions = state.permissions.filter(({ id }) => id !== event.data.permission);
      return { ...state, sequence: event.sequence, permissions };
    }
    case 'budget.set':
      return { ...state, sequence: event.sequence, budget: event.data.budget };
    case 'plan.kept':
    case 'plan.forgotten':
      return { ...state, sequence: event.sequence };
    default:
      return state;
  }
}
