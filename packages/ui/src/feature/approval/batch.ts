import type { Reach } from '@soma/schemas/contract';
import type { ApprovalScope, CallPreview, Fault } from '@soma/schemas/event';
import { useState } from 'react';
import { type Text, useCommands } from '../../client/index.ts';
import { lastName, placeOf, type Question } from './question.ts';
import { isExact } from './scope-chooser.tsx';

/** What several calls do together: numbers of files, lines and calls. */
export interface Weight {
  readonly files: number;
  readonly lines: number;
  readonly commands: number;
  /** Each host that is sent something, once. */
  readonly hosts: readonly string[];
  readonly requests: number;
  /** Changes of a run's plan, with checks that go. */
  readonly plans: number;
  /** Calls whose tool cannot say what they will do. */
  readonly unknown: number;
  /** US dollars that the models among them may cost together at most; null where that of one is not known. */
  readonly cost: number | null;
  /** What nothing takes back: commands, requests, changes of a plan, and calls that nothing is known of. */
  readonly final: number;
}

const NOTHING: Weight = {
  files: 0,
  lines: 0,
  commands: 0,
  hosts: [],
  requests: 0,
  plans: 0,
  unknown: 0,
  final: 0,
  cost: 0,
};

/** What one question weighs by: the preview of its call, `revision` for a change of the plan, null for a call that cannot say what it does. */
export type Weighed = CallPreview | 'revision' | null;

export function weigh(questions: readonly Weighed[]): Weight {
  return questions.reduce<Weight>(add, NOTHING);
}

function add(all: Weight, shown: Weighed): Weight {
  if (shown === 'revision') return { ...all, final: all.final + 1, plans: all.plans + 1 };
  // Only a change of files has the text it had before.
  const final = all.final + Number(shown?.kind !== 'files');
  switch (shown?.kind) {
    case undefined:
      return { ...all, final, unknown: all.unknown + 1 };
    case 'command':
      return { ...all, final, commands: all.commands + 1 };
    case 'turn':
      return {
        ...all,
        final,
        requests: all.requests + 1,
        hosts: [...new Set([...all.hosts, placeOf(shown)])],
        cost: all.cost === null || shown.atMost === null ? null : all.cost + shown.atMost,
      };
    case 'request': {
      const host = URL.canParse(shown.url) ? new URL(shown.url).host : shown.url;
      return { ...all, final, requests: all.requests + 1, hosts: [...new Set([...all.hosts, host])] };
    }
    case 'files': {
      const { files } = shown.changes;
      const lines = files.reduce((sum, { added, removed }) => sum + Math.max(added, removed), 0);
      return { ...all, files: all.files + files.length, lines: all.lines + lines };
    }
    default:
      return shown satisfies never;
  }
}

/**
 * How far one press may reach. Further than once only over calls of one tool, never over a change of a plan, and for a folder only over calls in one: what it then
 * covers can be said in one sentence, which is what a person agrees to.
 */
export function scopesOf(questions: readonly Question[]): readonly ApprovalScope[] {
  const tools = new Set(questions.map(({ approval }) => approval.tool));
  const folders = new Set(questions.map(({ state }) => state.folder.id));
  const plans = questions.some(({ approval }) => approval.about === 'revision');
  if (plans || tools.size !== 1) return ['once'];
  // What models are told is never allowed for a folder.
  const models = questions.some(({ state, approval }) => state.calls[approval.call]?.risk === 'model');
  return folders.size === 1 && !models ? ['once', 'run', 'folder'] : ['once', 'run'];
}

/** What an approval of all of them covers; for calls of several tools, why it is no more than once. */
export function coversAll(text: Text, questions: readonly Question[], chosen: ApprovalScope): string {
  const [first] = questions;
  if (first === undefined || scopesOf(questions).length === 1) return text('app.approval.batch.once');
  const { state, approval } = first;
  const runs = new Set(questions.map((one) => one.state.id)).size;
  const exact = chosen !== 'once' && isExact(state.calls[approval.call]);
  const said = { calls: questions.length, tool: approval.tool, runs, folder: lastName(state.folder.path) };
  return text(`app.approval.batch.covers.${exact ? `${chosen}Exact` : chosen}`, said);
}

/** The calls that a standing permission from this question would cover. */
function coveredBy({ state, approval }: Question): string {
  const hash = isExact(state.calls[approval.call]) ? approval.arguments.hash : '';
  return [state.folder.id, approval.tool, hash].join(' ');
}

/** A question whose answer was not taken, in the words it had, and why. */
export interface Left {
  readonly id: string;
  readonly title: string;
  readonly fault: Fault;
}

/** What came of one press: how many answers were taken, and what was left as it is. */
export interface Outcome {
  readonly answer: 'approved' | 'rejected';
  readonly taken: number;
  readonly left: readonly Left[];
}

export interface BatchAnswering {
  /** Rejects them, or approves them as far as that. */
  readonly answer: (questions: readonly Question[], how: 'rejected' | Reach) => void;
  readonly answering: boolean;
  /** Of the last press; null before one, and once it was read. */
  readonly outcome: Outcome | null;
  readonly dismiss: () => void;
}

/**
 * Sends an answer to each question, in their order and each bound to its own arguments. One that is refused is left and named; the
 * others go through. What a folder is permitted is permitted once, so that one revocation ends it. `titleOf` says what a question
 * asks, for when it is gone.
 */
export function useBatchAnswer(titleOf: (question: Question) => string): BatchAnswering {
  const commands = useCommands();
  const [answering, setAnswering] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const send = async (questions: readonly Question[], how: 'rejected' | Reach) => {
    setAnswering(true);
    setOutcome(null);
    const left: Left[] = [];
    const standing = new Set<string>();
    for (const question of questions) {
      const { state, approval } = question;
      const stands = standing.has(coveredBy(question));
      const reach: 'rejected' | Reach = how !== 'rejected' && stands ? { scope: 'once' } : how;
      const given = reach === 'rejected' ? { answer: reach } : ({ answer: 'approved', reach } as const);
      const recorded = await commands.answerApproval(state.id, approval, given);
      if (!recorded.ok) left.push({ id: approval.id, title: titleOf(question), fault: recorded.fault });
      else if (how !== 'rejected' && how.scope === 'folder') standing.add(coveredBy(question));
    }
    const answer = how === 'rejected' ? how : 'approved';
    setAnswering(false);
    setOutcome({ answer, taken: questions.length - left.length, left });
  };
  return {
    answer: (questions, how) => {
      if (!answering && questions.length > 0) void send(questions, how);
    },
    answering,
    outcome,
    dismiss: () => setOutcome(null),
  };
}
