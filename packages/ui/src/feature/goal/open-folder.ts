import type { Fault } from '@soma/schemas/event';
import { useCallback } from 'react';
import { createStore, useStore } from 'zustand';
import { useClient, useCommands, useFolder, useText } from '../../client/index.ts';

/** A folder that could not be opened, and why; kept so that the dialog can say it beside the path. */
export interface Refusal {
  readonly path: string;
  readonly fault: Fault;
}

const refusals = createStore<{ readonly refusal: Refusal | null }>(() => ({ refusal: null }));

/** Why the folder that was last asked for did not open; null when it did. */
export function useRefusal(): Refusal | null {
  return useStore(refusals, ({ refusal }) => refusal);
}

export function forgetRefusal(): void {
  refusals.setState({ refusal: null });
}

/** The last name in a path, of either system. */
export function nameOf(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

/** Opens the folder at an absolute path, on its newest canvas or a first one. Answers why not, or null. */
export function useOpenPath(): (path: string) => Promise<Fault | null> {
  const { workspace, view } = useClient();
  const commands = useCommands();
  const text = useText();
  return useCallback(
    async (path) => {
      const refuse = (fault: Fault) => {
        refusals.setState({ refusal: { path, fault } });
        return fault;
      };
      const granted = await commands.grantFolder(path);
      if (!granted.ok) return refuse(granted.fault);
      const { canvases } = workspace.getState().workspace;
      const known = canvases.findLast(({ folder }) => folder === granted.folder);
      const title = text('app.goal.canvasTitle', { folder: nameOf(granted.path) });
      const made =
        known === undefined
          ? await commands.createCanvas(title, granted.folder)
          : ({ ok: true, canvas: known.id } as const);
      if (!made.ok) return refuse(made.fault);
      forgetRefusal();
      view.openCanvas(made.canvas);
      return null;
    },
    [workspace, view, commands, text],
  );
}

/** Asks for a folder, with the system's dialog or by its path, and opens it. */
export function useOpenFolder(): () => void {
  const { platform, view } = useClient();
  const open = useOpenPath();
  return useCallback(() => {
    forgetRefusal();
    const { pickFolder } = platform;
    if (pickFolder === null) return view.setOverlay('open-folder');
    void pickFolder().then(async (path) => {
      if (path !== null && (await open(path)) !== null) view.setOverlay('open-folder');
    });
  }, [platform, view, open]);
}

/** Makes another canvas about the open folder and opens it. */
export function useNewCanvas(): () => void {
  const { workspace, view } = useClient();
  const commands = useCommands();
  const folder = useFolder();
  const text = useText();
  return useCallback(() => {
    const number = workspace.getState().workspace.canvases.length + 1;
    void commands.createCanvas(text('app.goal.nextCanvas', { number }), folder?.id ?? null).then((made) => {
      if (made.ok) view.openCanvas(made.canvas);
    });
  }, [workspace, view, commands, folder, text]);
}
