import type { Reach } from '@soma/schemas/contract';
import type { Fault } from '@soma/schemas/event';
import type { ApprovalState } from '@soma/schemas/run';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useCommands } from '../../client/index.ts';
import { isTyping } from '../palette/keys.ts';

/** Keys count only this long after a card appeared, in milliseconds: what was typed before it came is no answer to it. */
export const KEYS_AFTER_MS = 400;

export interface Answering {
  readonly approve: (reach: Reach) => void;
  readonly reject: () => void;
  readonly answering: boolean;
  /** Why the last answer was not taken. */
  readonly refused: Fault | null;
}

/** Sends one answer; another only after the first was refused. The host decides what it means. */
export function useAnswer(run: string, approval: ApprovalState | null): Answering {
  const commands = useCommands();
  const [sent, setSent] = useState<string | null>(null);
  const [refused, setRefused] = useState<Fault | null>(null);
  const send = async (answer: Parameters<typeof commands.answerApproval>[2]) => {
    if (approval === null || sent === approval.id) return;
    setSent(approval.id);
    setRefused(null);
    const recorded = await commands.answerApproval(run, approval, answer);
    if (recorded.ok) return;
    setSent(null);
    setRefused(recorded.fault);
  };
  return {
    approve: (reach) => void send({ answer: 'approved', reach }),
    reject: () => void send({ answer: 'rejected' }),
    answering: sent !== null && sent === approval?.id,
    refused,
  };
}

/**
 * Keys of what has the focus, by their lower-case name. Those that answer count only once the question named by `since` has stood for
 * a moment, and not while held down.
 */
export function useQuestionKeys(
  since: string | null,
  { answers, moves = {} }: { readonly answers: KeyMap; readonly moves?: KeyMap },
) {
  const appeared = useRef(Number.POSITIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question in the same place has just appeared too.
  useEffect(() => {
    appeared.current = performance.now();
  }, [since]);
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const act = answers[key] ?? moves[key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const early = performance.now() - appeared.current < KEYS_AFTER_MS;
    if (answers[key] === undefined || (!event.repeat && !early)) act(event);
  };
}

export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;
