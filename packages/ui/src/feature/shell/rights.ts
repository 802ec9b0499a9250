import type { Permission } from '@soma/schemas/event';
import { useText, useWorkspace } from '../../client/index.ts';

/** What runs may do in a folder without asking. */
export interface FolderRight {
  /** In a word or two. */
  readonly short: string;
  /** In a sentence that names the folder. */
  readonly whole: string;
}

/** The right in a folder as it stands now: reading, and the calls that a standing permission lets through until its date. */
export function useFolderRight(): (folder: { readonly id: string; readonly name: string }) => FolderRight {
  const text = useText();
  const { permissions } = useWorkspace();
  return ({ id, name }) => {
    const standing = permissions.filter((permission) => permission.folder === id && stands(permission));
    const tools = [...new Set(standing.map(({ tool }) => tool))].sort();
    if (tools.length === 0)
      return {
        short: text('app.shell.right.read'),
        whole: text('app.shell.status.policy', { folder: name }),
      };
    const said = { folder: name, tools: tools.join(', '), count: tools.length };
    return {
      short: text('app.shell.right.more', said),
      whole: text('app.shell.status.policyMore', said),
    };
  };
}

function stands({ until }: Permission): boolean {
  return Date.parse(until) > Date.now();
}
