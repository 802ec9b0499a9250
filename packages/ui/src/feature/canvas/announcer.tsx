import type { RunState, TaskState } from '@soma/schemas/run';
import { useEffect, useRef } from 'react';
import { useClient, useText } from '../../client/index.ts';
import { taskLook } from '../run/index.ts';
import { stopAround } from './board-focus.ts';
import { taskFlowId } from './flow.ts';

/** News are joined and said at most this often, in milliseconds; those of the focused node at once. */
const PACE_MS = 2000;

/** The live region of the board: "Outline symbols: needs you". */
export function Announcer({
  runs,
}: {
  readonly runs: readonly { readonly node: string; readonly run: string }[];
}) {
  const region = useRef<HTMLDivElement>(null);
  const { runs: feeds } = useClient();
  const text = useText();
  useEffect(() => {
    const waiting: string[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    let said = Number.NEGATIVE_INFINITY;
    const say = () => {
      timer = null;
      if (region.current !== null)
        region.current.textContent = waiting.splice(0).join(text('app.sign.comma'));
      said = performance.now();
    };
    const tell = (words: string, atOnce: boolean) => {
      waiting.push(words);
      if (atOnce) {
        if (timer !== null) clearTimeout(timer);
        say();
      } else timer ??= setTimeout(say, Math.max(0, said + PACE_MS - performance.now()));
    };
    const stops = runs.map(({ node, run }) =>
      feeds.of(run).view.subscribe(({ state }, { state: before }) => {
        if (state === null || before === null) return;
        for (const task of changedTasks(state, before)) {
          const focused = stopAround(document.activeElement)?.id === taskFlowId(node, task.id);
          const words = text(`app.state.${taskLook(task, state.status.name)}`);
          tell(text('app.task.named', { title: task.title, agent: 'none', state: words }), focused);
        }
      }),
    );
    return () => {
      if (timer !== null) clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [runs, feeds, text]);
  return <div ref={region} aria-live="polite" className="sr-only" />;
}

function changedTasks(state: RunState, before: RunState): readonly TaskState[] {
  if (state.tasks.length !== before.tasks.length) return [];
  return state.tasks.filter((task, place) => task.status.name !== before.tasks[place]?.status.name);
}
