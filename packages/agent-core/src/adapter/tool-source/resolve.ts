import { posix } from 'node:path';
import type { Json } from '@soma/schemas/event';
import table from './languages.json' with { type: 'json' };

/** The files of a folder, found by path and by the ends of their paths. */
export interface FileIndex {
  readonly files: ReadonlySet<string>;
  /** The path that ends in these segments and lies nearest to `from`; null when there is none. */
  endingIn(suffix: string, from: string): string | null;
  /** The files that lie directly in a folder; the top is `.`. */
  filesIn(folder: string): readonly string[];
  /** What a folder's own manifest names as its entry, by the folder's path. */
  readonly entries: ReadonlyMap<string, string>;
  /** The packages that lie in the folder, by name. */
  readonly packages: ReadonlyMap<string, OwnPackage>;
  /** Module path of go.mod, by the folder it lies in. */
  readonly goModules: ReadonlyMap<string, string>;
}

/** A package with a manifest in this folder: where it lies and what its `exports` say, of which conditions are not told apart. */
export interface OwnPackage {
  readonly folder: string;
  readonly exports: Json;
}

/** The file of the folder an import means; null when it means something else, such as a package. */
export type Resolver = (specifier: string, from: string, index: FileIndex) => string | null;

const JS_EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.json'];

const resolvers: Readonly<Record<string, Resolver>> = {
  javascript: (specifier, from, index) => {
    if (!specifier.startsWith('.')) return inOwnPackage(specifier, index);
    const at = joined(from, specifier);
    return at === null ? null : scriptAt(at, index);
  },
  // What is imported from a module may be a module itself, so the whole is looked for before what it is taken from.
  python: (specifier, from, index) =>
    pythonModule(specifier, from, index) ??
    pythonModule(specifier.replace(/(^|\.)[^.]+$/, '$1'), from, index),
  go: (specifier, from, index) => {
    const [folder, module] = longest([...index.goModules], specifier) ?? [];
    if (folder === undefined || module === undefined) return null;
    const inside = posix.join(folder, specifier.slice(module.length + 1));
    const own = index.filesIn(inside).filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'));
    const named = own.find((path) => posix.basename(path, '.go') === posix.basename(specifier));
    return named ?? own.find((path) => path !== from) ?? null;
  },
  rust: (specifier, from, index) => {
    const folder = /(?:^|\/)(?:mod|lib|main)\.rs$/.test(from)
      ? posix.dirname(from)
      : from.replace(/\.rs$/, '');
    if (specifier.startsWith('mod '))
      return first(index, [
        posix.join(folder, `${specifier.slice(4)}.rs`),
        posix.join(folder, specifier.slice(4), 'mod.rs'),
      ]);
    const parts = specifier.replace(/::\{[\s\S]*|\s+as\s+\w+$/g, '').split('::');
    const root =
      parts[0] === 'crate'
        ? crateRoot(from)
        : parts[0] === 'super'
          ? posix.dirname(folder)
          : parts[0] === 'self'
            ? folder
            : null;
    if (root === null) return null;
    for (let length = parts.length; length > 1; length -= 1) {
      const at = posix.join(root, ...parts.slice(1, length));
      const found = first(index, [`${at}.rs`, posix.join(at, 'mod.rs')]);
      if (found !== null) return found;
    }
    return null;
  },
  // The last part may be a member or an inner class.
  java: (specifier, from, index) => {
    const path = specifier.replaceAll('.', '/');
    return index.endingIn(`${path}.java`, from) ?? index.endingIn(`${posix.dirname(path)}.java`, from);
  },
  include: (written, from, index) => {
    // A shell script often names a folder by a variable: what stands behind it counts.
    const specifier = written.replace(/^.*[$`)}"'][^/]*\//, '');
    const at = joined(from, specifier.replace(/^\//, ''));
    return (
      (at === null ? null : first(index, [at])) ??
      index.endingIn(specifier.replace(/^(?:\.{0,2}\/)+/, ''), from)
    );
  },
  ruby: (specifier, from, index) => {
    const at = joined(from, specifier);
    return (
      (at === null ? null : first(index, [`${at}.rb`, at])) ?? index.endingIn(`lib/${specifier}.rb`, from)
    );
  },
  none: () => null,
};

function pythonModule(specifier: string, from: string, index: FileIndex): string | null {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const path = specifier.slice(dots).replace(/\.$/, '').replaceAll('.', '/');
  if (path === '' && dots === 0) return null;
  if (dots === 0) return index.endingIn(`${path}.py`, from) ?? index.endingIn(`${path}/__init__.py`, from);
  const base = joined(from, '../'.repeat(dots - 1) + path);
  return base === null ? null : first(index, [`${base}.py`, posix.join(base, '__init__.py')]);
}

/** The module whose path is the specifier's longest beginning. */
function longest(modules: readonly [string, string][], specifier: string): [string, string] | undefined {
  const fitting = modules.filter(([, module]) => specifier === module || specifier.startsWith(`${module}/`));
  return fitting.sort(([, a], [, b]) => b.length - a.length)[0];
}

function scriptAt(at: string, index: FileIndex): string | null {
  const bare = at.replace(/\.(?:js|mjs|cjs|jsx)$/, '');
  const named = [at, ...JS_EXTENSIONS.flatMap((extension) => [at + extension, bare + extension])];
  const entry = index.entries.get(at);
  const entries = entry === undefined ? [] : [entry, ...JS_EXTENSIONS.map((extension) => entry + extension)];
  const inFolder = JS_EXTENSIONS.map((extension) => posix.join(at, `index${extension}`));
  return first(index, [...named, ...entries, ...inFolder]);
}

/** A name that is, or begins with, the name of a package in this folder. */
function inOwnPackage(specifier: string, index: FileIndex): string | null {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '';
  const own = index.packages.get(name);
  if (own === undefined) return null;
  const inside = `.${specifier.slice(name.length)}`;
  for (const target of [...exportTargets(own.exports, inside), inside]) {
    const found = scriptAt(posix.join(own.folder, target), index);
    if (found !== null) return found;
  }
  return null;
}

/** The paths that `exports` names for `.` or `./something`. */
function exportTargets(exports: Json, inside: string): string[] {
  if (typeof exports === 'string') return inside === '.' ? [exports] : [];
  if (exports === null || typeof exports !== 'object') return [];
  if (Array.isArray(exports)) return exports.flatMap((one) => exportTargets(one, inside));
  return Object.entries(exports).flatMap(([key, value]) => {
    if (!key.startsWith('.')) return exportTargets(value, inside);
    if (key === inside) return exportTargets(value, '.');
    const star = key.indexOf('*');
    const tail = key.slice(star + 1);
    if (star === -1 || !inside.startsWith(key.slice(0, star)) || !inside.endsWith(tail)) return [];
    const part = inside.slice(star, inside.length - tail.length);
    return exportTargets(value, '.').map((target) => target.replaceAll('*', part));
  });
}

const byExtension = new Map(
  table.flatMap(({ extensions, resolve }) => extensions.map((extension) => [extension, resolve] as const)),
);

/** Resolves an import the way the importing file's language does. */
export function resolveImport(specifier: string, from: string, index: FileIndex): string | null {
  const resolver = resolvers[byExtension.get(extensionOf(from)) ?? 'none'];
  const found = resolver?.(specifier, from, index) ?? null;
  return found === from ? null : found;
}

/**
 * The file a manifest's entry means: a path with or without its ending, what a compiled path was made from, or a module with a function,
 * as Python writes `package.module:function`. Null when there is none.
 */
export function resolveEntry(entry: string, index: FileIndex): string | null {
  const path = posix.normalize(entry.replace(/^\//, ''));
  const written = path.replace(/^(?:dist|build|out|lib)\/(?:(?:esm|cjs|es|umd)\/)?/, 'src/');
  const found = scriptAt(path, index) ?? scriptAt(written, index);
  const module = /^([A-Za-z_][\w.]*)(?::[\w.]+)?$/.exec(entry)?.[1]?.replaceAll('.', '/');
  if (found !== null || module === undefined) return found;
  const names = [`${module}.py`, `${module}/__main__.py`, `${module}/__init__.py`];
  return names.map((name) => index.endingIn(name, '')).find((one) => one !== null) ?? null;
}

/** The package an import outside the folder names, as a person would: without a path inside it. */
export function packageOf(specifier: string, from: string): string {
  const kind = byExtension.get(extensionOf(from));
  if (kind === 'javascript') return /^(?:node:)?(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[0] ?? specifier;
  if (kind === 'python') return specifier.split('.')[0] ?? specifier;
  if (kind === 'rust') return specifier.split('::')[0] ?? specifier;
  return specifier;
}

export function extensionOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') ? path.slice(dot + 1).toLowerCase() : '';
}

/** `endingIn` looks segments up from the end, so that it stays fast with many files. */
export function indexFiles(
  paths: readonly string[],
  known: Pick<FileIndex, 'entries' | 'goModules' | 'packages'>,
): FileIndex {
  const byName = grouped(paths, (path) => posix.basename(path));
  const ending = new Map<string, readonly string[]>();
  const byFolder = grouped(paths, (path) => posix.dirname(path));
  return {
    ...known,
    files: new Set(paths),
    filesIn: (folder) => byFolder.get(folder) ?? [],
    endingIn: (suffix, from) => {
      const matching = ending.get(suffix) ?? endingWith(byName.get(posix.basename(suffix)) ?? [], suffix);
      ending.set(suffix, matching);
      let best: string | null = null;
      let most = -1;
      for (const path of matching) {
        const common = matching.length === 1 ? 0 : shared(path, from);
        if (common > most || (common === most && best !== null && path.length < best.length)) best = path;
        most = Math.max(most, common);
      }
      return best;
    },
  };
}

function endingWith(paths: readonly string[], suffix: string): readonly string[] {
  return paths.filter((path) => path === suffix || path.endsWith(`/${suffix}`));
}

function grouped(
  paths: readonly string[],
  key: (path: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const same = groups.get(key(path));
    if (same === undefined) groups.set(key(path), [path]);
    else same.push(path);
  }
  return groups;
}

/** A path relative to the importing file; null when it leaves the folder. */
function joined(from: string, specifier: string): string | null {
  const at = posix.join(posix.dirname(from), specifier).replace(/\/$/, '');
  return at.startsWith('..') ? null : at;
}

function first(index: FileIndex, candidates: readonly string[]): string | null {
  return candidates.find((path) => index.files.has(path)) ?? null;
}

function crateRoot(from: string): string {
  const at = from.lastIndexOf('src/');
  return at === -1 ? posix.dirname(from) : from.slice(0, at + 3);
}

/** How many folders two paths have in common from the top. */
function shared(path: string, from: string): number {
  let folders = 0;
  for (let at = 0; at < path.length && path[at] === from[at]; at += 1) if (path[at] === '/') folders += 1;
  return folders;
}
