import type { ExamMiss, ExamPartResult, ExamResult } from '@soma/schemas/contract';
import type { Fault, FaultCode, Scope } from '@soma/schemas/event';
import {
  ExamPart,
  NEEDED_PARTS,
  TURN_LIMITS,
  type TurnAnswer,
  TurnKind,
  type TurnLimits,
} from '@soma/schemas/turn';
import type { Clock, ModelProvider } from '../port/index.ts';
import { formQuestions } from './forms.ts';
import { judge, textOf } from './judge.ts';
import { figuresOf, stopwatch, usageOf } from './measure.ts';
import type { Question } from './question.ts';
import { randomFrom } from './random.ts';
import { refusalQuestions, summaryQuestions } from './texts.ts';
import { toolQuestions } from './tools.ts';

/** What an examination asked is another one's business when this is another number: its result does not count any more. */
export const EXAM_VERSION = 1;

/** Room for a model that thinks before it answers; short enough that one that never ends costs little. */
const LIMITS: TurnLimits = { ...TURN_LIMITS, outputTokens: 1024, characters: 20_000, totalMs: 300_000 };
/** Characters of what was asked, expected and came that are kept. */
const SHOWN = 500;
/** How often a busy endpoint is asked again in all, and how long its own advice is followed, in milliseconds. */
const PATIENCE = { times: 3, ms: 60_000 };

/** Faults that say something of the model and a form of turn, and nothing of whether it can be asked at all. */
const OF_THE_PART: Readonly<Record<ExamPart, ReadonlySet<FaultCode>>> = {
  schema: new Set(['MODEL_UNABLE', 'MODEL_REQUEST_REFUSED', 'MODEL_CONTEXT_TOO_LONG']),
  'tool-choice': new Set(['MODEL_UNABLE', 'MODEL_REQUEST_REFUSED', 'MODEL_CONTEXT_TOO_LONG']),
  summary: new Set(['MODEL_CONTEXT_TOO_LONG']),
  refusal: new Set(['MODEL_CONTEXT_TOO_LONG']),
};

export interface Examination {
  readonly provider: ModelProvider;
  readonly clock: Clock;
  readonly scope: Scope;
  /** Ends it at once; nothing of it counts then. */
  readonly signal: AbortSignal;
  /** Names the turns. */
  readonly id: string;
  /** What names, numbers and order follow from. */
  readonly seed: number;
  readonly onProgress: (progress: {
    readonly part: ExamPart;
    readonly done: number;
    readonly questions: number;
  }) => void;
}

/** All questions of an examination, part after part. */
export function questionsOf(seed: number): readonly Question[] {
  const random = randomFrom(seed);
  return [
    ...formQuestions(random),
    ...toolQuestions(random),
    ...summaryQuestions(random),
    ...refusalQuestions(random),
  ];
}

/**
 * Asks a model every question, one after the other, and judges what comes. A fault that keeps it from being asked ends it: then nothing
 * was passed. Rejects with the signal's reason when that aborts.
 */
export async function examine(examination: Examination): Promise<ExamResult> {
  return new Sitting(examination).sit();
}

/** Thrown by a question to leave its part, or all. */
class Broken {
  readonly fault: Fault;
  constructor(fault: Fault) {
    this.fault = fault;
  }
}

class Sitting {
  readonly #examination: Examination;
  readonly #answers: TurnAnswer[] = [];
  readonly #measured: ReturnType<ReturnType<typeof stopwatch>['measured']>[] = [];
  #done = 0;
  #patience = PATIENCE.times;

  constructor(examination: Examination) {
    this.#examination = examination;
  }

  async sit(): Promise<ExamResult> {
    const { seed, clock } = this.#examination;
    const questions = questionsOf(seed);
    const at = clock.now();
    const parts: ExamPartResult[] = [];
    for (const part of ExamPart.options) {
      const result = await this.#part(
        part,
        questions.filter((question) => question.part === part),
        questions.length,
      );
      if (result instanceof Broken) return this.#result(at, [], result.fault);
      parts.push(result);
    }
    return this.#result(at, parts, null);
  }

  #result(at: string, parts: ExamPartResult[], fault: Fault | null): ExamResult {
    const passed = new Set(parts.flatMap(({ part, verdict }) => (verdict === 'passed' ? [part] : [])));
    const names = this.#answers.flatMap((answer) => (answer.ok ? (answer.model ?? []) : []));
    return {
      at,
      answeredAs: names.at(-1)?.slice(0, 200) ?? null,
      ...figuresOf(this.#measured),
      parts,
      kinds: TurnKind.options.filter((kind) => NEEDED_PARTS[kind].every((part) => passed.has(part))),
      usage: usageOf(this.#answers),
      fault,
    };
  }

  async #part(part: ExamPart, questions: readonly Question[], all: number): Promise<ExamPartResult | Broken> {
    const misses: ExamMiss[] = [];
    const result = { part, questions: questions.length };
    for (const [index, question] of questions.entries()) {
      this.#examination.onProgress({ part, done: this.#done, questions: all });
      const miss = await this.#question(question);
      if (miss instanceof Broken) {
        if (!OF_THE_PART[part].has(miss.fault.code)) return miss;
        this.#done += questions.length - index;
        return { ...result, verdict: 'not-possible', right: 0, misses: [], fault: miss.fault };
      }
      if (miss !== null) misses.push(miss);
      this.#done += 1;
    }
    const verdict = misses.length === 0 ? 'passed' : 'failed';
    return { ...result, verdict, right: questions.length - misses.length, misses, fault: null };
  }

  async #question({ ask, key, asked, expected }: Question): Promise<ExamMiss | Broken | null> {
    const answer = await this.#ask(ask);
    if (!answer.ok) return new Broken(answer.fault);
    const reason = judge(key, answer);
    if (reason === null) return null;
    const calls = answer.message.parts.flatMap((part) =>
      part.type === 'tool-call' ? [`${part.tool} ${part.input}`] : [],
    );
    const came = [textOf(answer.message), ...calls].filter((text) => text !== '').join('\n');
    return { reason, asked: shown(asked), expected: shown(expected), came: shown(came) };
  }

  async #ask(ask: Question['ask']): Promise<TurnAnswer> {
    const { provider, clock, scope, signal, id } = this.#examination;
    for (;;) {
      signal.throwIfAborted();
      const watch = stopwatch(clock);
      const turn = {
        ...{ ...ask, id: `${id}-${this.#answers.length + 1}`, choice: 'auto' as const },
        ...{ temperature: null, limits: LIMITS },
      };
      const answer = await provider.ask({ scope, turn, signal, onDelta: watch.onDelta });
      signal.throwIfAborted();
      const wait = answer.ok ? null : this.#advised(answer.fault);
      if (wait !== null) {
        this.#patience -= 1;
        await clock.sleep(wait, signal);
        continue;
      }
      // Where nothing was taken up, nothing was used.
      if (answer.ok || answer.charged !== 'no') this.#answers.push(answer);
      if (answer.ok) this.#measured.push(watch.measured(answer));
      return answer;
    }
  }

  /** How long to wait before a busy endpoint is asked again; null where it is not. */
  #advised({ code, retry }: Fault): number | null {
    if (code !== 'MODEL_BUSY' || this.#patience === 0 || retry.when === 'never') return null;
    if (retry.when === 'now') return 0;
    const ms = Date.parse(retry.at) - Date.parse(this.#examination.clock.now());
    return ms > PATIENCE.ms ? null : Math.max(0, ms);
  }
}

function shown(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}

/** An examination that a fault kept from being one: nothing was passed. */
export function faultResult(at: string, fault: Fault): ExamResult {
  const nothing = { answeredAs: null, firstTokenMs: null, tokensPerSecond: null, parts: [], kinds: [] };
  return { at, ...nothing, usage: usageOf([]), fault };
}

/** What the model passed. */
export function passedIn(result: ExamResult | null): readonly ExamPart[] {
  return (result?.parts ?? []).flatMap(({ part, verdict }) => (verdict === 'passed' ? [part] : []));
}
