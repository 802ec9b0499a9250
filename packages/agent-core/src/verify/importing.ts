import type { RereadFolder } from './folder.ts';
import { meantBy } from './meaning.ts';

/** How the languages say that a file uses another: what stands on the line, and what must stand above it when it goes on over lines. */
const NAMED: readonly { endings: RegExp; names: (line: string) => string[]; begun: RegExp }[] = [
  {
    endings: /\.(?:[cm]?[jt]sx?)$/,
    names: (line) => quotedIn(line),
    begun: /\b(?:import|export|require|from)\b/,
  },
  { endings: /\.pyi?$/, names: pythonNames, begun: /\b(?:import|from)\b/ },
  { endings: /\.go$/, names: (line) => quotedIn(line), begun: /\bimport\b/ },
  { endings: /\.rs$/, names: rustNames, begun: /\b(?:use|mod)\b/ },
  {
    endings: /\.java$/,
    names: (line) => all(line, /\bimport\s+(?:static\s+)?([\p{L}\p{N}_$.]+)/gu),
    begun: /\bimport\b/,
  },
  {
    endings: /\.(?:c|h|cc|cpp|cxx|hpp|hh)$/,
    names: (line) => all(line, /#\s*(?:include|import)\w*\s*["<]([^">]+)[">]/g),
    begun: /#\s*(?:include|import)/,
  },
  { endings: /\.rb$/, names: (line) => quotedIn(line), begun: /\b(?:require|require_relative|load)\b/ },
  { endings: /\.php$/, names: (line) => quotedIn(line), begun: /\b(?:require|include)(?:_once)?\b/ },
  {
    endings: /\.(?:sh|bash)$/,
    names: (line) =>
      all(line, /(?:^|[\s;&|({`])(?:source|\.)\s+(?:--\s+)?("[^"]+"|'[^']+'|\S+)/g).map(unquoted),
    begun: /(?:^|[\s;&|({`])(?:source|\.)\s/,
  },
];

/** Lines above that may belong to the same statement; a Go file's import block may be long. */
const ABOVE = 200;

/** Longest line, in UTF-16 units, that is looked into. */
const LONG = 10_000;

/** Whether the 1-based line `line` of `from`, or the statement it belongs to, imports the file `subject`. */
export async function importsSubject(
  folder: RereadFolder,
  at: { from: string; line: number; subject: string },
): Promise<boolean> {
  const { from, line, subject } = at;
  const language = NAMED.find(({ endings }) => endings.test(from.toLowerCase()));
  const lines = (await folder.read(from))?.lines;
  const text = lines?.[line - 1];
  if (language === undefined || lines === undefined || text === undefined || text.length > LONG) return false;
  if (!language.begun.test(text) && !begunAbove(lines, line - 1, language.begun)) return false;
  for (const name of language.names(statementAt(lines, line - 1))) {
    if (await meantBy(folder, { name, from, subject })) return true;
  }
  return false;
}

/** The line, and when its bracket stays open, what follows until it closes. */
function statementAt(lines: readonly string[], index: number): string {
  const text = lines[index] ?? '';
  if (!/^\s*from\b.*(?:\([^)]*|\\)$/.test(text.replace(/#.*/, ''))) return text;
  const more = lines.slice(index + 1, index + ABOVE);
  const end = more.findIndex((one) => (text.includes('(') ? one.includes(')') : !one.endsWith('\\')));
  return [text, ...more.slice(0, end + 1)].map((one) => one.replace(/#.*/, '')).join(' ');
}

/** Whether the lines above open the statement that goes on here: an import whose bracket is still open. */
function begunAbove(lines: readonly string[], index: number, begun: RegExp): boolean {
  let open = 0;
  for (let above = index - 1; above >= Math.max(0, index - ABOVE); above -= 1) {
    const text = (lines[above] ?? '').slice(0, LONG).replace(/"[^"]*"|'[^']*'/g, '""');
    open += (text.match(/[({]/g)?.length ?? 0) - (text.match(/[)}]/g)?.length ?? 0);
    if (begun.test(text)) return open > 0 || /[\\,(]\s*$|\b(?:import|from|require)\s*$/.test(text);
    if (/;\s*$/.test(text)) return false;
  }
  return false;
}

/** The modules a statement names, and for `from a import b` also `a.b`, which may be one. */
function pythonNames(statement: string): string[] {
  const [, module, imported] = /(?:^|[;:\s])from\s+(\.*[\w.]*)\s+import\b([^;]*)/.exec(statement) ?? [];
  const names = (list: string) =>
    list
      .replace(/[()\\]/g, ' ')
      .split(',')
      .map((one) => one.trim().split(/\s/)[0] ?? '');
  if (module !== undefined) {
    const inside = module.endsWith('.') ? module : `${module}.`;
    return [module, ...names(imported ?? '').map((name) => inside + name)];
  }
  const plain = all(statement, /(?:^|[;:\s])import\s+([^#;]+)/g);
  // `import a.b` reads `a` as well, and `b` may be no file of its own.
  return (plain.length > 0 ? plain : [statement])
    .flatMap(names)
    .flatMap((name) => [name, name.replace(/\.\w+$/, '')]);
}

/** `mod x` keeps its word, because it names a file beside this one. */
function rustNames(line: string): string[] {
  return [...all(line, /\b(mod\s+\w+)\s*;/g), ...all(line, /\buse\s+([\w:]+)/g)];
}

function quotedIn(line: string): string[] {
  return all(line, /"([^"]+)"|'([^']+)'|`([^`]+)`/g);
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, '');
}

function all(line: string, expression: RegExp): string[] {
  return [...line.matchAll(expression)].map(
    (match) => match.slice(1).find((group) => group !== undefined) ?? '',
  );
}
