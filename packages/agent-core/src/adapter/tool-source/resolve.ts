import { posix } from 'node:path';
import table from './languages.json' with { type: 'json' };

/** The files of a folder, found by path and by the ends of their paths. */
export interface FileIndex {
  readonly files: ReadonlySet<string>;
  /** The path that ends in these segments and lies nearest to `from`; null when there is none. */
  endingIn(suffix: string, from: string): string | null;
  /** What a folder's own manifest names as its entry, by the folder's path. */
  readonly entries: ReadonlyMap<string, string>;
  /** Module path of go.mod, by the folder it lies in. */
  readonly goModules: ReadonlyMap<string, string>;
}

/** The file of the folder an import means; null when it means something else, such as a package. */
export type Resolver = (specifier: string, from: string, index: FileIndex) => string | null;

const JS_EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.json'];

const resolvers: Readonly<Record<string, Resolver>> = {
  javascript: (specifier, from, index) => {
    if (!specifier.startsWith('.')) return null;
    const at = joined(from, specifier);
    if (at === null) return null;
    const bare = at.replace(/\.(?:js|mjs|cjs|jsx)$/, '');
    const folder = index.entries.get(at);
    const inFolder = JS_EXTENSIONS.map((extension) => posix.join(at, `index${extension}`));
    const named = [at, ...JS_EXTENSIONS.flatMap((extension) => [at + extension, bare + extension])];
    return first(index, [
      ...named,
      ...(folder === undefined ? [] : [folder, ...JS_EXTENSIONS.map((extension) => folder + extension)]),
      ...inFolder,
    ]);
  },
  python: (specifier, from, index) => {
    const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
    const path = specifier.slice(dots).replaceAll('.', '/');
    if (dots === 0) return index.endingIn(`${path}.py`, from) ?? index.endingIn(`${path}/__init__.py`, from);
    const base = joined(from, '../'.repeat(dots - 1) + path);
    return base === null ? null : first(index, [`${base}.py`, posix.join(base, '__init__.py')]);
  },
  go: (specifier, from, index) => {
    for (const [folder, module] of index.goModules) {
      if (specifier !== module && !specifier.startsWith(`${module}/`)) continue;
      const inside = posix.join(folder, specifier.slice(module.length));
      const own = [...index.files].filter(
        (path) =>
          posix.dirname(path) === (inside === '' ? '.' : inside) &&
          path.endsWith('.go') &&
          !path.endsWith('_test.go'),
      );
      const named = own.find((path) => posix.basename(path, '.go') === posix.basename(specifier));
      return named ?? own.find((path) => path !== from) ?? null;
    }
    return null;
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
  java: (specifier, from, index) => index.endingIn(`${specifier.replaceAll('.', '/')}.java`, from),
  include: (specifier, from, index) => {
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

const byExtension = new Map(
  table.flatMap(({ extensions, resolve }) => extensions.map((extension) => [extension, resolve] as const)),
);

/** Resolves an import the way the importing file's language does. */
export function resolveImport(specifier: string, from: string, index: FileIndex): string | null {
  const resolver = resolvers[byExtension.get(extensionOf(from)) ?? 'none'];
  const found = resolver?.(specifier, from, index) ?? null;
  return found === from ? null : found;
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
  known: Pick<FileIndex, 'entries' | 'goModules'>,
): FileIndex {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = posix.basename(path);
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [path]);
    else same.push(path);
  }
  return {
    ...known,
    files: new Set(paths),
    endingIn: (suffix, from) => {
      const named = byName.get(posix.basename(suffix)) ?? [];
      const matching = named.filter((path) => path === suffix || path.endsWith(`/${suffix}`));
      return matching.sort((a, b) => shared(b, from) - shared(a, from) || a.length - b.length)[0] ?? null;
    },
  };
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

function shared(path: string, from: string): number {
  const a = path.split('/');
  const b = from.split('/');
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs === -1 ? a.length : differs;
}
