import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { FaultCode, type Json } from '../event/fault.ts';
import { fault } from '../event/fault-error.ts';
import { catalogues, createTranslator, faultText, noteText } from './index.ts';

const translator = await createTranslator();
const PARTS = ['title', 'cause', 'effect', 'next'] as const;
const texts: Readonly<Record<string, Readonly<Record<string, string>>>> = catalogues.en.fault;

/** Words that the product never says to a person. */
const NEVER = /please|oops|sorry|success|something went wrong|\bAI\b|!|invalid|unexpected/i;

const placeholdersOf = (code: string): string[] => {
  const source = Object.values(texts[code] ?? {}).join(' ');
  return [...new Set([...source.matchAll(/\{(\w+)\s*[,}]/g)].flatMap(([, name]) => name ?? []))];
};

describe.each(FaultCode.options)('the fault %s', (code) => {
  it('has title, cause, effect and next step, and nothing else', () => {
    expect(Object.keys(texts[code] ?? {})).toEqual([...PARTS]);
  });

  it('is said whole and calmly when it carries no values at all', () => {
    const said = faultText(translator, fault(code));
    for (const part of PARTS) {
      expect(said[part]).toMatch(part === 'title' ? /^[A-Z].*[^.]$/ : /^[A-Z].*\.$/);
      expect(said[part]).not.toMatch(/[{}]|\bnone\b|undefined|null/);
      expect(said[part]).not.toMatch(NEVER);
    }
  });

  it('is said whole with every value it can carry', () => {
    const data: Record<string, Json> = {};
    for (const name of placeholdersOf(code)) data[name] = name === 'backup' ? '2026-01-01T00:00:00.000Z' : 7;
    const said = faultText(translator, fault(code, data));
    for (const part of PARTS) expect(said[part]).not.toMatch(/[{}]|\bnone\b|undefined|null|NaN|Invalid/);
  });
});

it('a note names what it lists', () => {
  const said = (more: number, ...tasks: string[]) =>
    noteText(translator, { code: 'tasks-left-out', data: { count: tasks.length + more, tasks, more } });
  expect(said(0, 'Check it', 'Draw it')).toBe('Left out by a person: Check it, Draw it.');
  expect(said(2, 'Check it')).toBe('Left out by a person: Check it and 2 more tasks.');
});

describe('every text of the catalogue', () => {
  const every = (at: unknown, path: string): readonly (readonly [string, string])[] => {
    if (typeof at === 'string') return [[path, at]];
    return Object.entries(at ?? {}).flatMap(([name, part]) =>
      every(part, path === '' ? name : `${path}.${name}`),
    );
  };

  it('can be read as ICU MessageFormat', () => {
    const all = every(catalogues.en, '');
    expect(all.length).toBeGreaterThan(300);
    const broken = all.filter(([, text]) => {
      try {
        new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true });
        return false;
      } catch {
        return true;
      }
    });
    expect(broken).toEqual([]);
  });

  it('of the app speaks calmly', () => {
    const loud = every(catalogues.en.app, 'app').filter(([, text]) =>
      /please|oops|success|\bAI\b|!/i.test(text),
    );
    expect(loud).toEqual([]);
  });
});

describe('the texts of faults', () => {
  it('are there for every code and for no other', () => {
    expect(Object.keys(texts).sort()).toEqual([...FaultCode.options].sort());
  });

  it('name the thing that is at fault', () => {
    const gone = faultText(translator, fault('FOLDER_GONE', { path: '/home/mk/fastq' }));
    expect(gone.title).toBe('The folder /home/mk/fastq is no longer there');
    expect(gone.code).toBe('FOLDER_GONE');
  });

  it('say what became of a damaged log, from nothing lost to nothing known', () => {
    const effect = (data: Record<string, Json>) =>
      faultText(translator, fault('DATABASE_DAMAGED', { database: 'ledger', quarantine: '/data/q', ...data }))
        .effect;
    const backup = '2026-03-04T05:06:07.000Z';
    expect(effect({ backup, lost: 0 })).toMatch(
      /^The backup of Mar \d+, 2026.* is in use\. Nothing is missing\.$/,
    );
    expect(effect({ backup, lost: 1 })).toContain('1 record is missing.');
    expect(effect({ backup: null, lost: null })).toBe(
      'No whole backup was found, so it begins anew. How much is missing is not known.',
    );
  });

  it('show a value as it is, whatever it holds', () => {
    const path = '{a, plural} $t(app.name) <b>';
    expect(faultText(translator, fault('FILE_GONE', { path })).title).toBe(`${path} is no longer there`);
  });
});
