import { useEffect, useMemo, useRef } from 'react';
import { useClient, useCommands, useRun, useView } from '../../client/index.ts';

/** A second Escape within this time ends the run that the first one paused, in milliseconds. */
const AGAIN_MS = 1500;

/** What a person does with a run. */
export interface RunControl {
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
  /** Shows it in the inspector, and its calls in the stream. */
  readonly inspect: () => void;
  readonly openStream: () => void;
  /** Looks back at it, event by event. */
  readonly travel: () => void;
  /** Opens the talk with it. */
  readonly talk: () => void;
  /** Shows it beside another run. */
  readonly compare: () => void;
}

export function useRunControl(run: string): RunControl {
  const commands = useCommands();
  const { view, travel } = useClient();
  return useMemo(
    () => ({
      pause: () => void commands.pause(run),
      resume: () => void commands.resume(run),
      stop: () => void commands.stop(run),
      inspect: () => view.select({ kind: 'run', run }, { reveal: true }),
      openStream: () => {
        view.showRun(run);
        view.togglePanel('drawer', true);
      },
      travel: () => {
        view.select({ kind: 'run', run }, { reveal: true });
        travel.enter(run);
      },
      talk: () => view.openConversation(run),
      compare: () => view.compare(run, null),
    }),
    [commands, view, travel, run],
  );
}

/** Escape pauses the run that is shown (the command table does that); pressed once more, it ends it. Stands once in the app. */
export function useSecondEscape(): void {
  const run = useView((view) => view.run);
  const covered = useView((view) => view.overlay !== null);
  const status = useRun(run, (state) => state.status.name);
  const commands = useCommands();
  const working = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.repeat || covered || run === null) return;
      const now = performance.now();
      if (status === 'planning' || status === 'running') {
        working.current = now;
      } else if (status === 'paused' && now - working.current < AGAIN_MS) {
        working.current = Number.NEGATIVE_INFINITY;
        void commands.stop(run);
      }
    };
    // Before the command table sees the key, so that the press that pauses is known as the first.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [run, covered, status, commands]);
}
