// The rules of the house that no linter knows, over all files at once.
import { posix } from 'node:path';
import type { Finding, Source } from './source.ts';

const longestFile = 300;
const usualFile = 220;
const ownFile = 15;

/** Long by nature: generated files, data tables, migrations, conformance suites. Each says which it is. */
const longByNature: readonly RegExp[] = [
  /\.generated\.ts$/,
  /\.table\.ts$/,
  /\/migrations?[./]/,
  /conformance[^/]*\.ts$/,
];

const namelessFolders = new Set(['utils', 'common', 'helpers', 'types', 'services']);

/** The sentence that opens the README and every page under docs/. */
export const ruleSentence =
  '**No mocks, no imitations, no bypasses, no invented values: real servers, real data, real figures.**';

export const isScript = (path: string): boolean =>
  /\.(ts|tsx|mjs|cjs|js)$/.test(path) && !path.endsWith('.d.ts');

/** Sizes: none above 300 code lines, nine in ten at most 220. */
export function sizes(sources: readonly Source[]): Finding[] {
  const measured = sources.filter(({ path }) => !longByNature.some((pattern) => pattern.test(path)));
  const findings = measured
    .filter(({ codeLines }) => codeLines > longestFile)
    .map(({ path, codeLines }) =>
      finding(path, 'file-size', `${codeLines} code lines, at most ${longestFile}`),
    );
  const sorted = measured.map(({ codeLines }) => codeLines).sort((one, other) => one - other);
  const ninth = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
  if (ninth > usualFile) {
    findings.push(
      finding('.', 'file-size', `nine in ten files have up to ${ninth} code lines, at most ${usualFile}`),
    );
  }
  return findings;
}

/** A folder is named after what it is about. */
export function folders(paths: readonly string[]): Finding[] {
  const named = new Set(paths.flatMap((path) => ancestors(path)));
  return [...named]
    .filter((folder) => namelessFolders.has(posix.basename(folder)))
    .map((folder) => finding(folder, 'folder-name', 'this name says nothing: name the noun it is about'));
}

function ancestors(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [] : [folder, ...ancestors(folder)];
}

export type Workspace = { folder: string; name: string; exports: Readonly<Record<string, string>> };

/**
 * A short file with one importer belongs in that importer. What a package exports or an index passes on is public and stands
 * alone, as do tests, configurations, and the index that is nothing but a folder's door.
 */
export function ownFiles(sources: readonly Source[], workspaces: readonly Workspace[]): Finding[] {
  const importers = new Map<string, Set<string>>();
  const publicFiles = new Set<string>();
  for (const source of sources.filter(({ path }) => !isTest(path))) {
    for (const specifier of source.passedOn) publicFiles.add(resolve(source.path, specifier, workspaces));
    for (const specifier of source.imports) {
      const target = resolve(source.path, specifier, workspaces);
      importers.set(target, (importers.get(target) ?? new Set()).add(source.path));
    }
  }
  const alone = (path: string): boolean =>
    isTest(path) || publicFiles.has(path) || workspaces.some((workspace) => isExported(path, workspace));
  return sources.flatMap(({ path, codeLines, imports, passedOn }) => {
    const isDoor = /(^|\/)index\.tsx?$/.test(path) && imports.length === 0 && passedOn.length > 0;
    const by = [...(importers.get(path) ?? [])];
    if (codeLines >= ownFile || by.length !== 1 || isDoor || alone(path)) return [];
    return [finding(path, 'own-file', `${codeLines} code lines and one importer: it belongs in ${by[0]}`)];
  });
}

const isTest = (path: string): boolean => /\.test\.tsx?$|\.config\.ts$/.test(path);

/** The path of a module of ours as its importer names it; a library keeps its own name, which is no path of ours. */
function resolve(from: string, specifier: string, workspaces: readonly Workspace[]): string {
  const plain = specifier.split('?')[0] ?? '';
  if (plain.startsWith('.')) return posix.join(posix.dirname(from), plain);
  const workspace = workspaces.find(({ name }) => plain === name || plain.startsWith(`${name}/`));
  const target = workspace?.exports[`.${plain.slice(workspace.name.length)}`];
  return workspace === undefined || target === undefined ? plain : posix.join(workspace.folder, target);
}

function isExported(path: string, { folder, exports }: Workspace): boolean {
  if (!path.startsWith(`${folder}/`)) return false;
  return Object.values(exports).some((target) => pattern(posix.join(folder, target)).test(path));
}

const pattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^/]+')}$`,
  );

/** Everything a package says it exports is there. */
export function exported(paths: readonly string[], workspaces: readonly Workspace[]): Finding[] {
  return workspaces.flatMap(({ folder, exports }) =>
    Object.entries(exports).flatMap(([name, target]) => {
      const wanted = pattern(posix.join(folder, target));
      if (paths.some((path) => wanted.test(path))) return [];
      return [finding(`${folder}/package.json`, 'exports', `"${name}" names ${target}, which is not there`)];
    }),
  );
}

/**
 * The README and every page under docs/ open with the rule: the first line that is neither blank nor a heading.
 * @param pages text by path
 */
export function openings(pages: ReadonlyMap<string, string>): Finding[] {
  return [...pages].flatMap(([path, text]) => {
    const first = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'));
    if (first?.startsWith(ruleSentence)) return [];
    return [finding(path, 'opening', `opens with: ${ruleSentence}`)];
  });
}

const finding = (path: string, rule: string, message: string): Finding => ({ path, line: 1, rule, message });
