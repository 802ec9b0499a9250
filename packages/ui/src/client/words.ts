import type { Fault, Note } from '@soma/schemas/event';
import { type FaultText, faultText, noteText } from '@soma/schemas/message';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from './context.tsx';

/** Values a text of the catalogue needs. */
export type TextData = Readonly<Record<string, string | number | boolean | null>>;
export type Text = (key: string, data?: TextData) => string;

/** The texts of the catalogue: `text('app.shell.status.saved')`. */
export function useText(): Text {
  const { t } = useTranslation();
  return useMemo<Text>(() => (key, data) => t(key, { ...data }), [t]);
}

/** A fault in words: title, cause, effect, next, code. */
export function useFaultText(): (fault: Fault) => FaultText {
  const { translator } = useClient();
  return useMemo(() => (fault: Fault) => faultText(translator, fault), [translator]);
}

/** A note in words. */
export function useNoteText(): (note: Note) => string {
  const { translator } = useClient();
  return useMemo(() => (note: Note) => noteText(translator, note), [translator]);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Times and money in the words of the house. */
export interface Formats {
  /** "41 ms", "1.9 s", "4 min": from milliseconds. */
  readonly duration: (ms: number) => string;
  /** "0:02.4": minutes, seconds and tenths since the start, from milliseconds. */
  readonly clock: (ms: number) => string;
  /** "0:02.311": the same with milliseconds, for a row of a stream. */
  readonly moment: (ms: number) => string;
  /** "now", "2 m", "Tue", then a date: how long ago an RFC 3339 time is. */
  readonly age: (time: string, now: number) => string;
  /** The same of something that began so many milliseconds ago and goes on: "now", "2 m", "3 h". */
  readonly waited: (ms: number) => string;
  /** Date and time in full, for a tip. */
  readonly exact: (time: string) => string;
  /** Dollars with a sign and two decimals, three under 10 cents; zero is "$0.00". */
  readonly money: (dollars: number) => string;
  readonly count: (value: number) => string;
  /** "89 MB": from bytes, in millions, one decimal under ten; under a tenth of a million "12 kB". */
  readonly size: (bytes: number) => string;
}

export function useFormats(): Formats {
  const text = useText();
  const { language } = useClient().translator;
  return useMemo(() => createFormats(text, language), [text, language]);
}

function createFormats(text: Text, language: string): Formats {
  const number = (digits: number) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [whole, tenths] = [number(0), number(1)];
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'short' });
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const money = (digits: number) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency: 'USD',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  const waited = (ms: number) => {
    if (ms < MINUTE) return text('app.time.now');
    if (ms < HOUR) return text('app.time.age.minutes', { value: whole.format(ms / MINUTE) });
    return text('app.time.age.hours', { value: whole.format(ms / HOUR) });
  };
  return {
    duration: (ms) => {
      if (ms < 1) return text('app.time.under');
      if (ms < 1000) return text('app.time.milliseconds', { value: whole.format(ms) });
      if (ms < MINUTE) return text('app.time.seconds', { value: tenths.format(ms / 1000) });
      return text('app.time.minutes', { value: whole.format(ms / MINUTE) });
    },
    clock: (ms) => {
      const minutes = Math.floor(ms / MINUTE);
      return `${minutes}:${(Math.floor((ms % MINUTE) / 100) / 10).toFixed(1).padStart(4, '0')}`;
    },
    moment: (ms) => {
      const minutes = Math.floor(ms / MINUTE);
      return `${minutes}:${((ms % MINUTE) / 1000).toFixed(3).padStart(6, '0')}`;
    },
    waited,
    age: (time, now) => {
      const ms = now - Date.parse(time);
      if (ms < DAY) return waited(ms);
      return ms < 7 * DAY ? weekday.format(new Date(time)) : date.format(new Date(time));
    },
    exact: (time) => exact.format(new Date(time)),
    money: (dollars) => money(dollars > 0 && dollars < 0.1 ? 3 : 2).format(dollars),
    count: (value) => whole.format(value),
    size: (bytes) => {
      if (bytes < 95_000) return text('app.size.kilobytes', { value: whole.format(Math.ceil(bytes / 1000)) });
      const value = bytes / 1_000_000;
      return text('app.size.megabytes', {
        value: (value > 0 && value < 9.95 ? tenths : whole).format(value),
      });
    },
  };
}
