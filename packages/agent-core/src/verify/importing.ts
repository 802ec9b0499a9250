import { posix } from 'node:path';
import type { RereadFolder } from './folder.ts';

/** Words with which some language says that one file uses another. */
const IMPORTS =
  /\b(?:import|from|require(?:_relative|_once)?|include(?:_once)?|use|using|mod|source|load)\b|#\s*include|^\s*\.\s/;

/**
 * Whether a line imports the file `subject`: it has an import's word and names the file, by its name without an ending, by its
 * folder when it is the folder's own entry, or by a relative path that comes out there.
 */
export async function importsSubject(
  folder: RereadFolder,
  line: string,
  at: { from: string; subject: string },
): Promise<boolean> {
  const { from, subject } = at;
  if (IMPORTS.test(line) === false && !/^\s*(?:\w+\s+)?["`]/.test(line)) return false;
  const name = posix.basename(subject).replace(/\.(?:d\.)?[^.]+$/, '');
  if (new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`).test(line))
    return true;
  const home = posix.basename(posix.dirname(subject));
  if (/^(?:index|__init__|mod|lib|main)$/.test(name) && home !== '' && line.includes(home)) return true;
  if (subject.endsWith('.go')) return home !== '.' && line.includes(home);
  for (const quoted of line.matchAll(/["'`]([^"'`]+)["'`]/g)) {
    const target = quoted[1] ?? '';
    if (target.startsWith('.') && (await comesOut(folder, posix.join(posix.dirname(from), target), subject)))
      return true;
  }
  return /^\s*from\s+\.+\s+import\b/.test(line) && name === '__init__';
}

async function comesOut(folder: RereadFolder, path: string, subject: string): Promise<boolean> {
  const at = path.replace(/\/$/, '');
  const bare = subject.replace(/\.(?:d\.)?[^./]+$/, '');
  if (at === bare || at === posix.dirname(subject) || posix.join(at, 'index') === bare) return true;
  const manifest = await folder.read(posix.join(at, 'package.json'));
  const main = /"(?:main|module)"\s*:\s*"([^"]+)"/.exec(manifest?.lines.join('\n') ?? '')?.[1];
  return main !== undefined && [subject, bare].includes(posix.join(at, main));
}
