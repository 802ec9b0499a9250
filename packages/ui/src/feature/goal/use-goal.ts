import type { PlanMatch } from '@soma/schemas/contract';
import type { Fault, Slots } from '@soma/schemas/event';
import type { Folder } from '@soma/schemas/workspace';
import { startTransition, useDeferredValue, useState } from 'react';
import {
  type Draft,
  NO_DRAFT,
  useCanvas,
  useFolder,
  usePlanMatches,
  useView,
  useViewStore,
} from '../../client/index.ts';
import { focusSlot } from './goal-focus.ts';
import { useStart, type Wish } from './use-start.ts';

/** The goal that is being typed, and what it will come to when it is started. */
export interface Goal {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly folder: Folder | null;
  /** All plans, the nearest first. */
  readonly plans: readonly PlanMatch[];
  /** The plan a person chose; null follows the best match. */
  readonly chosen: PlanMatch | null;
  readonly choose: (plan: string | null) => void;
  /** The plan that will be followed: the chosen one, or the one that fits; null when none does, or more than one. */
  readonly plan: PlanMatch | null;
  /** Values the plan needs before it can start. */
  readonly asked: PlanMatch['slots'];
  readonly slots: Slots;
  readonly setSlot: (name: string, value: string) => void;
  /** Why what is typed was refused; null once it is changed. */
  readonly refused: Fault | null;
  readonly starting: boolean;
  /** Starts what is typed, or the goal that is given instead. While a value is missing the cursor goes to its field. */
  readonly start: (instead?: { readonly text: string; readonly plan: string }) => Promise<void>;
}

/** The goal being typed in this window, about the open folder. */
export function useGoal(): Goal {
  const view = useViewStore();
  const draft = useView((shown) => shown.draft);
  const { text, plan: chosenName, slots: typed } = draft;
  const about = useFolder();
  // A folder that is being opened has no board to start on yet.
  const folder = useCanvas() === null ? null : about;
  const matched = useDeferredValue(text);
  const { value, loading } = usePlanMatches(matched, folder?.id ?? null);
  const plans = value ?? [];
  const chosen = plans.find(({ name }) => name === chosenName) ?? null;
  const fitting = text.trim() === '' ? undefined : plans.find(({ fits }) => fits);
  const plan = chosen ?? fitting ?? null;
  const slots: Slots = { ...plan?.filled, ...typed };
  const begin = useStart();
  const [refused, setRefused] = useState<{ readonly fault: Fault; readonly draft: Draft } | null>(null);
  const [starting, setStarting] = useState(false);
  const send = async (wish: Wish) => {
    const sent = view.getState().draft;
    // The goal is on its way before the field is drawn anew.
    startTransition(() => setStarting(true));
    const fault = await begin(wish);
    setStarting(false);
    setRefused(fault === null ? null : { fault, draft: sent });
    if (fault !== null) return;
    // What was typed since is another goal.
    if (view.getState().draft === sent) view.setDraft(NO_DRAFT);
  };
  return {
    // What was typed since is another goal: nothing was said about that.
    refused: refused?.draft === draft ? refused.fault : null,
    starting,
    text,
    setText: (typed) => view.setDraft({ text: typed }),
    folder,
    plans,
    chosen,
    choose: (name) => view.setDraft({ plan: name }),
    plan,
    asked: plan?.slots.filter(({ required }) => required) ?? [],
    slots,
    setSlot: (name, filled) => view.setDraft({ slots: { ...view.getState().draft.slots, [name]: filled } }),
    start: (instead) => {
      const named = (plan?.slots ?? []).flatMap(({ name }) => {
        const filled = slots[name]?.trim() ?? '';
        return filled === '' ? [] : [[name, filled] as const];
      });
      // A match of words that have changed since is not what is meant: then the host matches what was sent.
      const shown = loading || matched !== text ? chosen : plan;
      const missing = shown?.slots.find(
        ({ name, required }) => required && !named.some(([is]) => is === name),
      );
      if (instead === undefined && missing !== undefined) {
        focusSlot(missing.name);
        return Promise.resolve();
      }
      const own = { text, plan: shown?.name ?? null, slots: Object.fromEntries(named) };
      return send(instead === undefined ? own : { ...instead, slots: {} });
    },
  };
}
