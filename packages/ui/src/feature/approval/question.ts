import { CallPreview, type Fault } from '@soma/schemas/event';
import { type ApprovalState, openApprovals, type RunState, type RunSummary } from '@soma/schemas/run';
import { useCallback, useMemo } from 'react';
import {
  type Text,
  useContent,
  useEachContent,
  useFormats,
  useRunStates,
  useRuns,
  useText,
} from '../../client/index.ts';
import { argumentLine } from '../run/look.ts';

/** Runs whose decisions are shown, the newest ones. */
const DECIDED_RUNS = 30;

/** A question of a run that is known here. */
export interface Question {
  readonly row: RunSummary;
  readonly state: RunState;
  readonly approval: ApprovalState;
}

/** What runs ask, the longest waiting first, and what was answered, the newest first. */
export interface Questions {
  readonly waiting: readonly Question[];
  readonly decided: readonly Question[];
}

/** The questions of all runs known here; only those that wait, unless `decided` ones are wanted too, whose runs are then read. */
export function useQuestions({ decided = false }: { readonly decided?: boolean } = {}): Questions {
  const rows = useRuns();
  const asked = rows.filter(({ waiting }) => waiting > 0);
  const past = decided ? rows.filter((row) => row.waiting === 0 && row.decided > 0) : [];
  const answered = past.slice(0, DECIDED_RUNS);
  const states = useRunStates([...asked, ...answered].map(({ run }) => run));
  return useMemo(() => {
    const all = states.flatMap((state) => {
      const row = rows.find(({ run }) => run === state.id);
      const open = new Set(openApprovals(state).map(({ id }) => id));
      return row === undefined
        ? []
        : Object.values(state.approvals).map((approval) => ({
            row,
            state,
            approval,
            open: open.has(approval.id),
          }));
    });
    const since = ({ approval }: Question) => approval.answer?.at ?? approval.requestedAt;
    return {
      waiting: all.filter(({ open }) => open).sort((a, b) => (since(a) < since(b) ? -1 : 1)),
      decided: all
        .filter(({ approval }) => approval.answer !== null)
        .sort((a, b) => (since(a) < since(b) ? 1 : -1)),
    };
  }, [states, rows]);
}

/** What kind of question it is: that of its preview, `revision` for another plan, or `back` for taking back what a failed task did to files. */
export function kindOf(
  { calls }: RunState,
  { call, about }: ApprovalState,
  shown: CallPreview | null,
): CallPreview['kind'] | 'call' | 'back' | 'revision' {
  if (about !== undefined) return about;
  const kind = shown?.kind ?? 'call';
  return kind === 'files' && calls[call]?.compensates !== undefined ? 'back' : kind;
}

/** What the call will do, as its tool told before anyone was asked; null when the tool cannot say. */
export interface Preview {
  readonly shown: CallPreview | null;
  readonly loading: boolean;
  readonly fault: Fault | null;
}

export function usePreview({ calls }: RunState, { call }: ApprovalState): Preview {
  const content = calls[call]?.preview ?? null;
  const { value, fault, loading } = useContent(content);
  return useMemo(() => ({ shown: previewOf(value), loading, fault }), [value, loading, fault]);
}

/** The previews of several questions, by the id of the question. */
export function usePreviews(questions: readonly Question[]): ReadonlyMap<string, Preview> {
  const asked = useEachContent(
    questions.map(({ state, approval }) => state.calls[approval.call]?.preview ?? null),
  );
  return new Map(
    questions.map(({ approval }, place) => {
      const { value = null, fault = null, loading = false } = asked[place] ?? {};
      return [approval.id, { shown: previewOf(value), loading, fault }];
    }),
  );
}

function previewOf(text: string | null): CallPreview | null {
  if (text === null) return null;
  try {
    return CallPreview.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** What is asked, in words. */
export interface QuestionWords {
  /** "Change 3 lines in queue.js". */
  readonly title: string;
  /** The same as a question to a person. */
  readonly ask: string;
  /** The tool and what it is about, in one line. */
  readonly detail: string;
}

/** Says of any question what it asks. */
export function useWordsOf(): (
  state: RunState,
  approval: ApprovalState,
  shown: CallPreview | null,
) => QuestionWords {
  const text = useText();
  const { count } = useFormats();
  return useCallback(
    (state, approval, shown) => {
      if (approval.about === 'revision') {
        const task = state.tasks.find(({ id }) => id === approval.task)?.title ?? approval.task;
        return { ...both(text, 'revision', { task }), detail: task };
      }
      const call = state.calls[approval.call];
      const { kind, data, about } = wordsOf(shown, state, count);
      const argument = about ?? (call === undefined ? '' : argumentLine(call));
      const back = kindOf(state, approval, shown) === 'back';
      return {
        ...both(text, back ? 'back' : kind, { ...data, tool: approval.tool }),
        detail: `${approval.tool} ${argument}`.trim(),
      };
    },
    [text, count],
  );
}

export function useQuestionWords(
  state: RunState,
  approval: ApprovalState,
  shown: CallPreview | null,
): QuestionWords {
  const say = useWordsOf();
  return useMemo(() => say(state, approval, shown), [say, state, approval, shown]);
}

function both(text: Text, kind: string, data: Readonly<Record<string, string | number>>) {
  return { title: text(`app.approval.title.${kind}`, data), ask: text(`app.approval.ask.${kind}`, data) };
}

interface Words {
  readonly kind: string;
  readonly data: Readonly<Record<string, string | number>>;
  /** What the call is about; null when its arguments say it best. */
  readonly about: string | null;
}

function wordsOf(shown: CallPreview | null, state: RunState, count: (value: number) => string): Words {
  switch (shown?.kind) {
    case undefined:
      return { kind: 'call', data: {}, about: null };
    case 'command':
      return { kind: 'command', data: { folder: lastName(shown.folder) }, about: shown.command };
    case 'turn': {
      const { model } = shown.model;
      return { kind: 'turn', data: { model, host: placeOf(shown) }, about: model };
    }
    case 'request': {
      const host = URL.canParse(shown.url) ? new URL(shown.url).host : shown.url;
      return { kind: 'request', data: { host }, about: shown.url };
    }
    case 'files': {
      const { files } = shown.changes;
      const sum = (part: 'added' | 'removed') => files.reduce((all, file) => all + file[part], 0);
      const lines = files.reduce((all, { added, removed }) => all + Math.max(added, removed), 0);
      const [only, ...others] = files;
      const file = only === undefined ? lastName(state.folder.path) : only.path;
      const kind =
        others.length > 0 ? 'changes' : only === undefined || only.kind === 'changed' ? 'change' : only.kind;
      const about = `${others.length > 0 ? '' : `${file} `}+${count(sum('added'))} \u2212${count(sum('removed'))}`;
      return { kind, data: { lines, shown: count(lines), files: files.length, file }, about };
    }
    default:
      return shown satisfies never;
  }
}

/** Where a model is asked: the host of its address, or its endpoint. */
export function placeOf({ address, model }: Extract<CallPreview, { kind: 'turn' }>): string {
  return address !== null && URL.canParse(address) ? new URL(address).host : model.endpoint;
}

/** The last name in a path, of either system. */
export function lastName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
