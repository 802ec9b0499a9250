import type { Reach } from '@soma/schemas/contract';
import { useState } from 'react';
import { useView, useViewStore } from '../../client/index.ts';
import { type Answering, useAnswer, useQuestionKeys } from './answer.ts';
import { type BatchAnswering, useBatchAnswer } from './batch.ts';
import type { Marks } from './marks.ts';
import { type Preview, type Question, usePreviews, useQuestions, useWordsOf } from './question.ts';
import { type Scope, useScope } from './scope-chooser.tsx';

/** Decided questions that stand below those that wait. */
const RECENT = 5;

export type Tab = 'waiting' | 'decided';

/** What the page of approvals lists, and which of it is open. */
export interface Inbox {
  readonly tab: Tab;
  readonly setTab: (tab: Tab) => void;
  readonly count: Readonly<Record<Tab, number>>;
  readonly waiting: readonly Question[];
  readonly decided: readonly Question[];
  readonly open: Question | null;
  readonly show: (approval: string) => void;
  /** Opens the one so many rows further, and answers its id. */
  readonly step: (by: number) => string | null;
  /** A question that was just answered gives way to the next that waits. */
  readonly answered: (approval: string) => void;
}

export function useInbox(): Inbox {
  const view = useViewStore();
  const all = useQuestions({ decided: true });
  const chosen = useView(({ approval }) => approval);
  const [tab, setTab] = useState<Tab>('waiting');
  const [answered, setAnswered] = useState<string | null>(null);
  const waiting = tab === 'waiting' ? all.waiting : [];
  const decided = tab === 'waiting' ? all.decided.slice(0, RECENT) : all.decided;
  const rows = [...waiting, ...decided];
  const kept = rows.find(({ approval }) => approval.id === chosen) ?? rows[0] ?? null;
  const gone = kept !== null && kept.approval.answer !== null && kept.approval.id === answered;
  const open = gone ? (rows[0] ?? null) : kept;
  const show = (id: string) => {
    setAnswered(null);
    view.openApproval(id);
  };
  const step = (by: number) => {
    const at = open === null ? 0 : rows.indexOf(open);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.approval.id ?? null;
    if (next !== null) show(next);
    return next;
  };
  const count = { waiting: all.waiting.length, decided: all.decided.length };
  return { tab, setTab, count, waiting, decided, open, show, step, answered: setAnswered };
}

/** Several questions that are about to be answered together; `shown` are those, and the one in focus where it is not marked. */
export interface Batch extends BatchAnswering {
  readonly shown: readonly Question[];
  /** How far approving them reaches. It begins at once, and goes back there when other questions are marked. */
  readonly scope: Scope;
  readonly previews: ReadonlyMap<string, Preview>;
  /** Whether all that is marked was read: before, nothing can be approved. */
  readonly ready: boolean;
  readonly approve: () => void;
  readonly reject: () => void;
}

export function useBatch(marks: Marks, { waiting, open, answered }: Inbox): Batch {
  const shown = waiting.filter((question) => question === open || marks.has(question.approval.id));
  const previews = usePreviews(marks.marked.length === 0 ? [] : shown);
  const say = useWordsOf();
  const batch = useBatchAnswer(
    ({ state, approval }) => say(state, approval, previews.get(approval.id)?.shown ?? null).title,
  );
  const ready = marks.marked.every(({ approval }) => previews.get(approval.id)?.loading === false);
  const scope = useScope(marks.marked.map(({ approval }) => approval.id).join(' '));
  const answer = (how: 'rejected' | Reach) => {
    if (open !== null) answered(open.approval.id);
    batch.answer(marks.marked, how);
  };
  return {
    ...batch,
    shown,
    scope,
    previews,
    ready,
    approve: () => ready && answer(scope.reach),
    reject: () => answer('rejected'),
  };
}

/** The question that is open, on its own. */
export interface Single {
  readonly scope: Scope;
  readonly answering: Answering;
}

export function useSingle({ open, answered }: Inbox): Single {
  const id = open?.approval.id ?? '';
  const scope = useScope(id);
  const given = useAnswer(open?.state.id ?? '', open?.approval ?? null);
  const answering: Answering = {
    ...given,
    approve: (reach) => {
      answered(id);
      given.approve(reach);
    },
    reject: () => {
      answered(id);
      given.reject();
    },
  };
  return { scope, answering };
}

/** Whether a person can answer it now. */
export function asks({ state, approval }: Question): boolean {
  return approval.answer === null && state.status.name !== 'ended';
}

export interface InboxParts {
  readonly inbox: Inbox;
  readonly marks: Marks;
  readonly batch: Batch;
  readonly single: Single;
}

/** Whether the marks are what an answer is for: something is marked, and what is in focus waits as well. */
export function isBatch({ inbox: { open }, marks }: Pick<InboxParts, 'inbox' | 'marks'>): boolean {
  return marks.marked.length > 0 && open !== null && asks(open);
}

/** The keys of the page: J and K move, X marks, with Shift both; A and R answer what is marked, or what is open. */
export function useInboxKeys({ inbox, marks, batch, single }: InboxParts) {
  const { open } = inbox;
  const together = isBatch({ inbox, marks });
  const alone = { a: () => single.answering.approve(single.scope.reach), r: single.answering.reject };
  const answers = together ? { a: batch.approve, r: batch.reject } : open !== null && asks(open) ? alone : {};
  const move = (by: number) => (event: { readonly shiftKey: boolean }) => {
    const next = inbox.step(by);
    if (event.shiftKey && next !== null) marks.through(next);
  };
  const marked = marks.marked.map(({ approval }) => approval.id).join(' ');
  return useQuestionKeys(together ? `together ${marked}` : (open?.approval.id ?? null), {
    answers,
    moves: {
      j: move(1),
      k: move(-1),
      arrowdown: move(1),
      arrowup: move(-1),
      x: () => {
        if (open !== null && asks(open)) marks.toggle(open.approval.id);
      },
    },
  });
}

/** Sets of what waits that can be marked at once: all, those of the open one's run, those of its tool. */
export function groupsOf({
  waiting,
  open,
}: Inbox): Readonly<Record<'all' | 'run' | 'tool', readonly string[]>> {
  const ids = (of: (question: Question) => boolean) => waiting.filter(of).map(({ approval }) => approval.id);
  return {
    all: ids(() => true),
    run: ids(({ state }) => state.id === open?.state.id),
    tool: ids(({ approval }) => approval.tool === open?.approval.tool),
  };
}
