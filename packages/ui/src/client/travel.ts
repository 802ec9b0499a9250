import type { Fault, RecordedRunEvent } from '@soma/schemas/event';
import type { RunState } from '@soma/schemas/run';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Histories } from './history.ts';
import type { RunFeeds } from './run-store.ts';

/** Where in a run's past a person looks. With `run` null everything is shown as it is now. */
export interface Travel {
  readonly run: string | null;
  /** How many of its events there were then; the last of these is the one that is looked at. 0 until its events were read. */
  readonly at: number;
  /** How many there are by now. */
  readonly count: number;
  /** The event that is looked at, and the run after it. */
  readonly event: RecordedRunEvent | null;
  readonly state: RunState | null;
  /** Why its events cannot be read. */
  readonly fault: Fault | null;
}

export interface TravelStore extends StoreApi<Travel> {
  /** Looks at a run's past: at the event of this sequence, or first at its newest one. */
  readonly enter: (run: string, sequence?: number) => void;
  /** Looks at the n-th event, the first is 1. */
  readonly seek: (at: number) => void;
  /** Shows everything as it is now again. */
  readonly leave: () => void;
}

const NOW: Travel = { run: null, at: 0, count: 0, event: null, state: null, fault: null };

/** Time travel of one window: one run at a time, and nothing of it is told to anybody. */
export function createTravel(histories: Histories, feeds: RunFeeds): TravelStore {
  const store = createStore<Travel>(() => NOW);
  let stop: () => void = () => undefined;
  const seek = (at: number) => {
    const { run } = store.getState();
    if (run === null) return;
    const { events } = histories.of(run);
    const place = Math.max(Math.min(1, events.length), Math.min(Math.round(at), events.length));
    const state = histories.of(run).stateAfter(place);
    store.setState({ at: place, count: events.length, event: events[place - 1] ?? null, state });
  };
  const leave = () => {
    stop();
    stop = () => undefined;
    store.setState(NOW);
  };
  const enter = (run: string, sequence?: number) => {
    leave();
    store.setState({ ...NOW, run });
    const here = () => store.getState().run === run;
    const read = async (then: () => void) => {
      const fault = await histories.read(run);
      if (!here()) return;
      store.setState({ fault });
      then();
    };
    const grow = () => store.setState({ count: histories.of(run).events.length });
    const { view } = feeds.of(run);
    const ends = [
      feeds.follow(run),
      view.subscribe(({ state }) => {
        const known = histories.of(run).events.at(-1)?.sequence ?? 0;
        if (state !== null && state.sequence > known) void read(grow);
      }),
    ];
    stop = () => {
      for (const end of ends) end();
    };
    void read(() => {
      const { events } = histories.of(run);
      const asked = events.findIndex((event) => event.sequence >= (sequence ?? Number.POSITIVE_INFINITY));
      seek(asked < 0 ? events.length : asked + 1);
    });
  };
  return Object.assign(store, { enter, seek, leave });
}
