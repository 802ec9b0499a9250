import type { PlanMatch } from '@soma/schemas/contract';
import type { Fault, Slots } from '@soma/schemas/event';
import type { Canvas, Folder } from '@soma/schemas/workspace';
import { useCallback, useDeferredValue, useState } from 'react';
import { useCanvas, useClient, useCommands, useFolder, usePlanMatches, useText } from '../../client/index.ts';

/** The goal that is being typed, and what it will come to when it is started. */
export interface Goal {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly canvas: Canvas | null;
  readonly folder: Folder | null;
  /** All plans, the nearest first. */
  readonly plans: readonly PlanMatch[];
  /** The plan a person chose; null follows the best match. */
  readonly chosen: PlanMatch | null;
  readonly choose: (plan: string | null) => void;
  /** The plan that will be followed: the chosen one, or the nearest that shares a word with the goal. */
  readonly plan: PlanMatch | null;
  /** Values the plan needs before it can start. */
  readonly asked: PlanMatch['slots'];
  readonly slots: Slots;
  readonly setSlot: (name: string, value: string) => void;
  /** Why the last start was refused. */
  readonly refused: Fault | null;
  readonly starting: boolean;
  /** Starts what is typed, or the goal that is given instead. */
  readonly start: (instead?: { readonly text: string; readonly plan: string }) => Promise<void>;
}

/** The goal being typed on the open canvas. Each field that calls this has a goal of its own. */
export function useGoal(): Goal {
  const [text, setText] = useState('');
  const [chosenName, choose] = useState<string | null>(null);
  const [slots, setSlots] = useState<Slots>({});
  const canvas = useCanvas();
  const folder = useFolder();
  const matched = useDeferredValue(text);
  const { value, loading } = usePlanMatches(matched, folder?.id ?? null);
  const plans = value ?? [];
  const chosen = plans.find(({ name }) => name === chosenName) ?? null;
  const nearest = text.trim() === '' ? null : (plans.find(({ score }) => score > 0) ?? null);
  const plan = chosen ?? nearest;
  const clear = useCallback(() => {
    setText('');
    choose(null);
    setSlots({});
  }, []);
  const sending = useSend({ canvas, folder, clear });
  return {
    ...sending,
    text,
    setText,
    canvas,
    folder,
    plans,
    chosen,
    choose,
    plan,
    asked: plan?.slots.filter(({ required }) => required) ?? [],
    slots,
    setSlot: (name, filled) => setSlots((before) => ({ ...before, [name]: filled })),
    start: (instead) => {
      const named = (plan?.slots ?? []).flatMap(({ name }) => {
        const filled = slots[name]?.trim() ?? '';
        return filled === '' ? [] : [[name, filled] as const];
      });
      // A match of words that have changed since is not what is meant: then the host matches what was sent.
      const shown = loading || matched !== text ? chosen : plan;
      const own = { text, plan: shown?.name ?? null, slots: Object.fromEntries(named) };
      return sending.send(instead === undefined ? own : { ...instead, slots: {} });
    },
  };
}

interface Sending {
  readonly canvas: Canvas | null;
  readonly folder: Folder | null;
  readonly clear: () => void;
}

function useSend({ canvas, folder, clear }: Sending) {
  const { view } = useClient();
  const commands = useCommands();
  const say = useText();
  const [refused, setRefused] = useState<Fault | null>(null);
  const [starting, setStarting] = useState(false);
  const send = useCallback(
    async (wish: { readonly text: string; readonly plan: string | null; readonly slots: Slots }) => {
      if (folder === null) return;
      setStarting(true);
      const title = say('app.goal.canvasTitle', { folder: folder.name });
      const board =
        canvas === null
          ? await commands.createCanvas(title, folder.id)
          : ({ ok: true, canvas: canvas.id } as const);
      const answer = board.ok
        ? await commands.submitGoal({ ...wish, folder: folder.id, canvas: board.canvas })
        : board;
      setStarting(false);
      setRefused(answer.ok ? null : answer.fault);
      if (!board.ok || !answer.ok) return;
      clear();
      view.openCanvas(board.canvas);
      view.showRun(answer.run);
      view.select({ kind: 'run', run: answer.run });
    },
    [canvas, folder, clear, commands, view, say],
  );
  return { refused, starting, send };
}
