import type { ExamReason } from '@soma/schemas/contract';
import type { AssistantMessage, TurnFinish } from '@soma/schemas/turn';
import type { Fields, Key, SummaryKey, Value } from './question.ts';
import { ABSENT } from './texts.ts';

/** Words of a summary at most: some more than were allowed, because words are counted in more than one way. */
const SUMMARY_WORDS = 40;
/** Characters of an answer from a text at most: one that gives back the whole text has answered nothing. */
const ANSWER_LENGTH = 160;

/** What came: the message, and whether it was cut off at its limit. */
export interface Came {
  readonly message: AssistantMessage;
  readonly finish: TurnFinish;
}

/** Why an answer is not right; null where it is. Judged by code alone, from the key. */
export function judge(key: Key, { message, finish }: Came): ExamReason | null {
  if (finish === 'length') return 'cut-off';
  const text = textOf(message);
  if (key.part === 'tool-choice') return judgeCall(key, message);
  if (text === '') return 'empty';
  switch (key.part) {
    case 'schema':
      return judgeForm(key.fields, text);
    case 'summary':
      return judgeSummary(key, text);
    case 'refusal':
      return judgeAnswer(key.value, text);
    default:
      return key satisfies never;
  }
}

/** The words of an answer, without what the model said to itself. */
export function textOf({ parts }: AssistantMessage): string {
  return parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('')
    .trim();
}

function judgeForm(wanted: Fields, text: string): ExamReason | null {
  const found = fieldsIn(text);
  if (found === null) return 'no-json';
  return sameFields(wanted, found) ?? null;
}

function judgeCall(
  { tool, input }: { readonly tool: string; readonly input: Fields },
  { parts }: AssistantMessage,
): ExamReason | null {
  const [call, ...more] = parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
  if (call === undefined) return 'no-tool';
  if (more.length > 0) return 'several-tools';
  if (call.tool !== tool) return 'other-tool';
  const found = fieldsIn(call.input);
  return found === null || sameFields(input, found) !== null ? 'wrong-arguments' : null;
}

/** A faithful line says what the text is about, and no number and no name that is not in it, and denies nothing that it says. */
function judgeSummary({ text, says, denied }: SummaryKey, line: string): ExamReason | null {
  if (/[\r\n]/.test(line)) return 'several-lines';
  if (line.split(/\s+/).length > SUMMARY_WORDS) return 'too-long';
  const low = line.toLowerCase();
  if (!says.every((group) => group.some((word) => low.includes(word)))) return 'leaves-out';
  if (numbersIn(line).some((number) => !numbersIn(text).includes(number))) return 'adds';
  const known = new Set(wordsIn(text).map((word) => word.toLowerCase()));
  if (namesIn(line).some((name) => !known.has(name.toLowerCase()))) return 'adds';
  const isDenied = denied.some(
    ({ word, unless }) => word.some((one) => low.includes(one)) && !unless.some((one) => low.includes(one)),
  );
  return isDenied ? 'adds' : null;
}

function judgeAnswer(value: string | null, text: string): ExamReason | null {
  const bare = text.replace(/^[\s"'*`.]+|[\s"'*`.]+$/g, '');
  const isAbsent = bare.toUpperCase() === ABSENT;
  if (value === null) return isAbsent ? null : 'made-up';
  if (isAbsent) return 'says-absent';
  if (text.length > ANSWER_LENGTH) return 'too-long';
  const words = wordsIn(text).map((word) => word.toLowerCase());
  const numbers = numbersIn(text);
  const wanted = value.toLowerCase();
  const isSaid = /^[\d.]+$/.test(value)
    ? numbers.length === 1 && numbers[0] === value
    : wanted.split(' ').every((word) => words.includes(word));
  return isSaid ? null : 'wrong-value';
}

function fieldsIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function sameFields(
  wanted: Fields,
  found: Readonly<Record<string, unknown>>,
): 'other-fields' | 'wrong-value' | null {
  const names = Object.keys(wanted);
  const isForm =
    names.length === Object.keys(found).length &&
    names.every((name) => typeof found[name] === typeof wanted[name]);
  if (!isForm) return 'other-fields';
  return names.every((name) => isSame(wanted[name], found[name])) ? null : 'wrong-value';
}

function isSame(wanted: Value | undefined, found: unknown): boolean {
  if (typeof wanted !== 'string' || typeof found !== 'string') return wanted === found;
  return wanted === found.trim().replace(/\.$/, '');
}

function numbersIn(text: string): readonly string[] {
  return text.match(/\d+(?:[.,]\d+)*/g) ?? [];
}

function wordsIn(text: string): readonly string[] {
  return text.match(/\p{L}[\p{L}'’]*/gu)?.map((word) => word.replace(/['’]s$/, '')) ?? [];
}

/** Words with a capital that do not stand where a sentence begins. */
function namesIn(line: string): readonly string[] {
  const found = line.matchAll(/(?<before>^|[.:;!?"“(]\s*|\s)(?<word>\p{Lu}[\p{L}'’]*)/gu);
  return [...found].flatMap(({ groups }) => {
    const { before = '', word = '' } = groups ?? {};
    return before !== '' && before.trim() === '' ? wordsIn(word) : [];
  });
}
