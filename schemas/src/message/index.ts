import i18next, { type i18n } from 'i18next';
import ICU from 'i18next-icu';
import type { Fault, Json, Note } from '../event/fault.ts';
import en from './en.json' with { type: 'json' };

/** Every text a person reads, by language. Texts are ICU MessageFormat. */
export const catalogues = { en } as const;

/** A translator over the catalogue: `t('note.listed', { files: 14 })`. A key without a text is returned as it is, so that it shows in tests. */
export async function createTranslator(language: keyof typeof catalogues = 'en'): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance.use(ICU).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    returnEmptyString: false,
  });
  return instance;
}

/** A fault in words: what happened, why, what it means for the work, and what to do next. */
export interface FaultText {
  readonly title: string;
  readonly cause: string;
  readonly effect: string;
  readonly next: string;
  readonly code: string;
}

/** Every value that a fault's texts may name. Where a fault carries none, its text takes the branch `none`. */
const FAULT_VALUES = [
  'agent',
  'address',
  'backup',
  'call',
  'cause',
  'client',
  'column',
  'columns',
  'correlation',
  'dataFolder',
  'database',
  'expected',
  'expression',
  'field',
  'files',
  'found',
  'host',
  'kind',
  'known',
  'limit',
  'limitMs',
  'line',
  'lost',
  'model',
  'near',
  'needed',
  'part',
  'per',
  'path',
  'permission',
  'plan',
  'problem',
  'quarantine',
  'reason',
  'rule',
  'size',
  'spent',
  'slot',
  'status',
  'sequence',
  'task',
  'tool',
  'type',
  'url',
  'what',
  'where',
  'why',
] as const;

/** Those of them that are short codes of ours, which texts choose by: ICU takes no hyphen in the name of a branch. */
const CHOSEN_BY: readonly string[] = ['cause', 'reason', 'where', 'why'];

/** What a text can say of a fault: its values, times as dates, lists as words, and `none` for what is missing. */
function sayable(data: Fault['data']): Record<string, unknown> {
  const values = FAULT_VALUES.map((name) => {
    const value = words(data[name] ?? null);
    return [name, CHOSEN_BY.includes(name) ? String(value).replaceAll('-', '_') : value] as const;
  });
  const { backup } = data;
  return { ...Object.fromEntries(values), backup: typeof backup === 'string' ? new Date(backup) : 'none' };
}

function words(value: Json): string | number | boolean {
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'none';
  if (Array.isArray(value)) return value.map(words).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

export function faultText(translator: i18n, fault: Fault): FaultText {
  const said = sayable(fault.data);
  const text = (part: string) => translator.t(`fault.${fault.code}.${part}`, said);
  return {
    title: text('title'),
    cause: text('cause'),
    effect: text('effect'),
    next: text('next'),
    code: fault.code,
  };
}

export function noteText(translator: i18n, note: Note): string {
  const said: Note['data'] = {};
  for (const [name, value] of Object.entries(note.data))
    said[name] = Array.isArray(value) ? words(value) : value;
  return translator.t(`note.${note.code}`, said);
}
