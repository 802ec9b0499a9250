import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '@soma/schemas/run';

// Judges a run by the key of its goal: from the report and from the files on disk, by code that the product does not share.

interface Text {
  readonly path: string;
  readonly text: string;
}

/** What must be so for a run to be right; see e2e/bench/plans/README.md. */
export interface Key {
  readonly quotes?: readonly (readonly Text[])[];
  readonly says?: readonly (readonly string[])[];
  readonly changed?: Readonly<Record<string, string>>;
  readonly exit?: number;
  readonly command?: string;
  readonly names?: readonly string[];
  readonly refused?: string;
}

export interface Played {
  readonly kind: string;
  readonly key: Key;
  /** Null where the product started no run. */
  readonly report: RunReport | null;
  readonly folder: string;
  /** SHA-256 of the files that differ from what was laid out; null for one that is gone. */
  readonly differs: ReadonlyMap<string, string | null>;
}

type Claim = RunReport['claims'][number];

/** Quoted passages that a person is shown as the answer to a question. */
const ANSWERS = 3;

/** Why the run is wrong, a line each; empty where it is right. */
export function faultsOf(played: Played): string[] {
  const { key, report } = played;
  const faults = [...invented(played), ...differences(played)];
  if (key.refused !== undefined) return [...faults, ...refusal(key.refused, report)];
  if (key.changed !== undefined && Object.keys(key.changed).length === 0) {
    return report?.state === 'verified'
      ? [...faults, 'nothing was to be changed, and it was called verified']
      : faults;
  }
  if (report === null) return [...faults, 'no run was started'];
  const excused = key.exit !== undefined && key.exit !== 0;
  if (report.state !== 'verified' && !excused) faults.push(`the run ended ${report.state}`);
  return [...faults, ...unquoted(played, report), ...unsaid(key, report), ...unexecuted(key, report)];
}

/** Quotes that do not stand where they are said to stand. */
function invented({ report, folder, key }: Played): string[] {
  const changed = new Set(Object.keys(key.changed ?? {}));
  return (report?.claims ?? [])
    .filter(({ kind, path }) => kind === 'quoted' && !path.includes('://') && !changed.has(path))
    .filter((claim) => !stands(claim, folder))
    .map(({ path, line, quote }) => `not in the file: ${path}:${line} ${JSON.stringify(quote.slice(0, 80))}`);
}

function stands({ path, line, quote }: Claim, folder: string): boolean {
  if (!existsSync(join(folder, path))) return false;
  const lines = readFileSync(join(folder, path), 'utf8').split('\n');
  const long = quote.split('\n').length;
  const there = plain(lines.slice(line - 1, line - 1 + long).join(' '));
  return there.includes(plain(quote).replace(/ ?…$/, ''));
}

function differences({ key, differs, report }: Played): string[] {
  const wanted = key.changed ?? {};
  const faults: string[] = [];
  for (const [path, hash] of differs) {
    if (wanted[path] === undefined) faults.push(`changed without being asked to: ${path}`);
    else if (wanted[path] !== hash) faults.push(`not as it should be: ${path}`);
  }
  for (const path of Object.keys(wanted)) if (!differs.has(path)) faults.push(`not changed: ${path}`);
  const named = (report?.changes ?? []).map(({ path }) => path).sort();
  const should = Object.keys(wanted).sort();
  if (key.changed !== undefined && named.join('\n') !== should.join('\n')) {
    faults.push(`the report names ${named.length} changed files, not ${should.length}`);
  }
  return faults;
}

function refusal(refused: string, report: RunReport | null): string[] {
  if (report === null) return [];
  const plan = report.plan?.id ?? 'no plan';
  const faults: string[] = [];
  if (report.claims.some(({ kind }) => kind === 'executed')) faults.push(`${plan} ran something`);
  if (refused === 'not-found') {
    const quoted = report.claims.filter(({ kind }) => kind === 'quoted').slice(0, ANSWERS);
    if (quoted.length > 0) faults.push(`${plan} quoted ${placesOf(quoted)}`);
  } else if (report.state === 'verified') faults.push(`${plan} ended verified`);
  return faults;
}

function unquoted({ key, kind }: Played, report: RunReport): string[] {
  const quoted = report.claims.filter((claim) => claim.kind === 'quoted');
  const seen = kind === 'find' ? quoted.slice(0, ANSWERS) : quoted;
  const has = ({ path, text }: Text) =>
    seen.some((claim) => claim.path === path && plain(claim.quote).includes(plain(text)));
  return (key.quotes ?? [])
    .filter((group) => !group.some(has))
    .map(
      (group) =>
        `not quoted: ${group.map(({ path, text }) => `${path} "${text}"`).join(' or ')}; quoted: ${placesOf(seen)}`,
    );
}

function unsaid(key: Key, report: RunReport): string[] {
  return (key.says ?? [])
    .filter((words) => !report.claims.some((claim) => words.every((word) => names(claim, word))))
    .map((words) => `not said: ${words.join(' ')}`);
}

function unexecuted({ exit, command, names: named = [] }: Key, report: RunReport): string[] {
  if (exit === undefined) return [];
  const executed = report.claims.filter(({ kind }) => kind === 'executed');
  const faults: string[] = [];
  const isIt = (claim: Claim) => claim.text.includes(command ?? '') && names(claim, String(exit));
  if (!executed.some(isIt))
    faults.push(`not said: ${command} ended with ${exit}; ${executed.map(({ text }) => text).join('; ')}`);
  for (const name of named) {
    if (!report.claims.some(({ text, path, quote }) => `${text} ${path} ${quote}`.includes(name))) {
      faults.push(`not named: ${name}`);
    }
  }
  return faults;
}

/** Whether a claim says the word, or the number however it is written. */
function names({ text, path }: Claim, word: string): boolean {
  if (!/^-?[\d.]+$/.test(word)) return `${text} ${path}`.toLowerCase().includes(word.toLowerCase());
  const numbers = text
    .replaceAll('−', '-')
    .replace(/(?<=\d)[,\u202f\u00a0](?=\d{3})/g, '')
    .match(/-?(?:\d+(?:\.\d+)?|(?<!\d)\.\d+)/g);
  return (numbers ?? []).some((number) => Number(number) === Number(word));
}

function placesOf(claims: readonly Claim[]): string {
  return claims.length === 0 ? 'nothing' : claims.map(({ path, line }) => `${path}:${line}`).join(', ');
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
