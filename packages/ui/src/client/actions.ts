import { useEffect } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { useClient } from './context.tsx';

/** What a command of the table does now, as the feature that is on screen offers it. */
export interface Action {
  readonly run: () => void;
  /** Why it cannot be done now, in words; without it, it can. */
  readonly blocked?: string;
}

/** The actions that are on screen now, by the id of their command. What is not here cannot be done. */
export type Actions = ReadonlyMap<string, Action>;
export type ActionStore = StoreApi<{ readonly actions: Actions }>;

export function createActionStore(): ActionStore {
  return createStore(() => ({ actions: new Map<string, Action>() }));
}

/** Runs a command; false when nothing on screen offers it or it cannot be done now. */
export function runAction(store: ActionStore, id: string): boolean {
  const action = store.getState().actions.get(id);
  if (action === undefined || action.blocked !== undefined) return false;
  action.run();
  return true;
}

/** Offers actions for as long as the component stands. Give a memoised record: a new one replaces what it offered before. */
export function useActions(offered: Readonly<Record<string, Action>>): void {
  const store = useClient().actions;
  useEffect(() => {
    const mine = Object.entries(offered);
    store.setState(({ actions }) => ({ actions: new Map([...actions, ...mine]) }));
    return () =>
      store.setState(({ actions }) => {
        const left = new Map(actions);
        for (const [id, action] of mine) if (left.get(id) === action) left.delete(id);
        return { actions: left };
      });
  }, [store, offered]);
}

/** All actions on screen, for the palette. */
export function useOfferedActions(): Actions {
  return useStore(useClient().actions, ({ actions }) => actions);
}
