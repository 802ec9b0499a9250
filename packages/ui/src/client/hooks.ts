import type { ModelState } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import type { RunState, RunSummary } from '@soma/schemas/run';
import type { Canvas, Folder, WorkspaceState } from '@soma/schemas/workspace';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { HostFacts } from './client.ts';
import { useClient } from './context.tsx';
import type { RunDeltas } from './run-store.ts';
import type { Travel } from './travel.ts';
import type { View, ViewStore } from './view-store.ts';

/** What the host says of itself: data folder, version, who sits here. */
export function useHost(): HostFacts {
  return useClient().host;
}

/** Whether the host can be reached now. */
export function useConnected(): boolean {
  return useStore(useClient().link.reach, ({ connected }) => connected);
}

/** A part of what the window shows, and the store that changes it. */
export function useView<Part>(part: (view: View) => Part): Part {
  return useStore(useClient().view, part);
}

export function useViewStore(): ViewStore {
  return useClient().view;
}

/** Folders and boards. `loaded` is false until the host has told them. */
export function useWorkspace(): WorkspaceState & { readonly loaded: boolean } {
  return useStore(
    useClient().workspace,
    useShallow(({ workspace, loaded }) => ({ ...workspace, loaded })),
  );
}

/** The board that is open; null when none is. */
export function useCanvas(): Canvas | null {
  const open = useView(({ canvas }) => canvas);
  return useStore(
    useClient().workspace,
    ({ workspace }) => workspace.canvases.find(({ id }) => id === open) ?? null,
  );
}

/** The folder the open board's goals are about; the last opened one when the board names none. */
export function useFolder(): Folder | null {
  const canvas = useCanvas();
  return useStore(useClient().workspace, ({ workspace: { folders } }) => {
    const named = folders.find(({ id }) => id === canvas?.folder);
    return named ?? folders.at(-1) ?? null;
  });
}

/** The runs that are known here, newest first. */
export function useRuns(): readonly RunSummary[] {
  return useStore(useClient().workspace, ({ runs }) => runs);
}

/** Runs that are cut off and wait to be resumed or stopped, newest first. */
export function useInterrupted(): readonly RunSummary[] {
  return useStore(
    useClient().workspace,
    useShallow(({ runs }) => runs.filter(({ phase }) => phase === 'interrupted')),
  );
}

/** Whether this window saw the run cut off, also once it goes on. */
export function useWasCutOff(run: string): boolean {
  return useStore(useClient().workspace, ({ cutOff }) => cutOff.has(run));
}

/** How many questions of the known runs wait for a person, and how many were answered. */
export function useAsked(): { readonly waiting: number; readonly decided: number } {
  return useStore(
    useClient().workspace,
    useShallow(({ runs }) => ({
      waiting: runs.reduce((sum, row) => sum + row.waiting, 0),
      decided: runs.reduce((sum, row) => sum + row.decided, 0),
    })),
  );
}

/** One run's row; null when it is not known here. */
export function useRunRow(run: string | null): RunSummary | null {
  return useStore(useClient().workspace, ({ runs }) => runs.find((row) => row.run === run) ?? null);
}

/** Every model, and where it stands. */
export function useModels(): readonly ModelState[] {
  return useStore(useClient().workspace, ({ models }) => models);
}

/** What troubles the whole host now, such as a full disk. */
export function useHostFaults(): readonly Fault[] {
  return useStore(useClient().workspace, ({ faults }) => faults);
}

/**
 * A part of a run, followed for as long as the component stands. The component renders again only when the part it selected
 * changed (shallowly): null until the run's first news, and for no run.
 */
export function useRun<Part>(run: string | null, part: (state: RunState) => Part): Part | null {
  const { runs } = useClient();
  useEffect(() => (run === null ? undefined : runs.follow(run)), [runs, run]);
  return useStore(
    runs.of(run ?? '').view,
    useShallow(({ state }) => (state === null ? null : part(state))),
  );
}

/** A part of a run as it is looked at: as it was at one of its events while this window looks back, as it is now otherwise. */
export function useShownRun<Part>(run: string | null, part: (state: RunState) => Part): Part | null {
  const live = useRun(run, part);
  const past = useStore(
    useClient().travel,
    useShallow(({ run: of, state }) => (run !== null && of === run && state !== null ? part(state) : null)),
  );
  return past ?? live;
}

/** The event at which this window looks back at the run, and its time; null while it shows it as it is now. */
export function usePast(run: string | null): { readonly sequence: number; readonly time: string } | null {
  return useStore(
    useClient().travel,
    useShallow(({ run: of, event }) =>
      run !== null && of === run && event !== null ? { sequence: event.sequence, time: event.time } : null,
    ),
  );
}

/** Where this window looks back. */
export function useTravel<Part>(part: (travel: Travel) => Part): Part {
  return useStore(useClient().travel, part);
}

/** What is passing in a run. It never goes through React state: listen, and write to the page. */
export function useRunDeltas(run: string): RunDeltas {
  const { runs } = useClient();
  useEffect(() => runs.follow(run), [runs, run]);
  return runs.of(run).deltas;
}

/** Several runs, followed for as long as the component stands; those without news yet are left out. */
export function useRunStates(ids: readonly string[]): readonly RunState[] {
  const { runs } = useClient();
  const key = ids.join('\n');
  const last = useRef<readonly RunState[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which runs they are.
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = ids.flatMap((id) => [runs.follow(id), runs.of(id).view.subscribe(listener)]);
      return () => {
        for (const end of ends) end();
      };
    },
    [runs, key],
  );
  return useSyncExternalStore(subscribe, () => {
    const states = ids.flatMap((id) => runs.of(id).view.getState().state ?? []);
    const same =
      states.length === last.current.length && states.every((state, at) => state === last.current[at]);
    if (!same) last.current = states;
    return last.current;
  });
}
