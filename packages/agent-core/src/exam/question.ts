import type { ExamPart, Turn } from '@soma/schemas/turn';

/** A value of a form that is to be filled in, or of a tool's arguments. */
export type Value = string | number | boolean;
export type Fields = Readonly<Record<string, Value>>;

/** What the right answer to a question is, as data. */
export type Key =
  | { readonly part: 'schema'; readonly fields: Fields }
  | { readonly part: 'tool-choice'; readonly tool: string; readonly input: Fields }
  | ({ readonly part: 'summary' } & SummaryKey)
  /** Null: the text does not hold it. */
  | { readonly part: 'refusal'; readonly value: string | null };

/** What a faithful line holds and does not. Beginnings of words, in small letters. */
export interface SummaryKey {
  readonly text: string;
  /** Of each group one is said. */
  readonly says: readonly (readonly string[])[];
  /** What the text denies: one of `word` is said only with one of `unless`. */
  readonly denied: readonly { readonly word: readonly string[]; readonly unless: readonly string[] }[];
}

/** One question of the examination: what a model is asked, and the key to it. */
export interface Question {
  readonly part: ExamPart;
  readonly ask: Pick<Turn, 'messages' | 'tools' | 'shape'>;
  readonly key: Key;
  /** What was asked, and what is to come, for a person who reads the result. */
  readonly asked: string;
  readonly expected: string;
}

/** A conversation of one instruction and one request. */
export function messagesOf(instruction: string, request: string): Turn['messages'] {
  return [
    { role: 'system', parts: [{ type: 'text', text: instruction }] },
    { role: 'user', parts: [{ type: 'text', text: request }] },
  ];
}
