import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, type Node, Parser, Query, type QueryCapture, type Tree } from 'web-tree-sitter';
import table from './languages.json' with { type: 'json' };
import type { Analysis, FoundImport, FoundSymbol } from './message.ts';

/** Extensions whose files are outlined. */
export const OUTLINED: ReadonlySet<string> = new Set(table.flatMap(({ extensions }) => extensions));

/** Longest parse of one file, in milliseconds. */
const PARSE_LIMIT_MS = 2000;

/** How deep the statements at the top of a file lie in its tree. */
const TOP = 1;

/** Calls that import, in the languages where importing is a call. */
const IMPORT_CALLS: ReadonlySet<string> = new Set(['require', 'require_relative', 'load', 'source', '.']);

interface Grammar {
  readonly name: string;
  readonly parser: Parser;
  /** Finds symbols and imports in one pass; a match that names a symbol has a capture `public` or `private`. */
  readonly query: Query;
  /** What a text must hold for imports to stand anywhere but at its top; an empty expression finds it in every text. */
  readonly nested: RegExp;
}

/** Reads source by tree-sitter. `grammars` is the folder of the grammars' wasm files, `runtime` the parser's own. */
export async function createAnalyser(where: { grammars: string; runtime: string }) {
  await Parser.init({ locateFile: () => where.runtime });
  const loaded = new Map<string, Promise<Grammar>>();
  const byExtension = new Map(
    table.flatMap((row) => row.extensions.map((extension) => [extension, row] as const)),
  );

  async function load(row: (typeof table)[number]): Promise<Grammar> {
    const language = await Language.load(
      readFileSync(join(where.grammars, `tree-sitter-${row.grammar}.wasm`)),
    );
    const parser = new Parser();
    parser.setLanguage(language);
    return {
      name: row.grammar,
      parser,
      query: new Query(language, `${row.symbols} ${row.imports}`),
      nested: new RegExp(row.nested, 'm'),
    };
  }

  return async (extension: string, text: string): Promise<Analysis | null> => {
    const row = byExtension.get(extension);
    if (row === undefined) return null;
    const grammar = await (loaded.get(row.grammar) ?? remember(row));
    const until = performance.now() + PARSE_LIMIT_MS;
    const tree = grammar.parser.parse(text, null, { progressCallback: () => performance.now() > until });
    if (tree === null) {
      grammar.parser.reset();
      return null;
    }
    try {
      return found(grammar, tree, grammar.nested.test(text) ? undefined : TOP);
    } finally {
      tree.delete();
    }
  };

  function remember(row: (typeof table)[number]): Promise<Grammar> {
    const loading = load(row);
    loaded.set(row.grammar, loading);
    return loading;
  }
}

function found({ name: grammar, query }: Grammar, tree: Tree, maxStartDepth?: number): Analysis {
  const symbols = new Map<string, FoundSymbol>();
  const imports: FoundImport[] = [];
  for (const { captures } of query.matches(
    tree.rootNode,
    maxStartDepth === undefined ? {} : { maxStartDepth },
  )) {
    const named = captures.find(({ name }) => name === 'public' || name === 'private');
    if (named === undefined) imports.push(...importOf(captures));
    else if (isExport(captures)) addSymbol(symbols, named, grammar);
  }
  return { symbols: [...symbols.values()], imports };
}

/** A name exported further down is public, and stands where it is declared. */
function addSymbol(
  symbols: Map<string, FoundSymbol>,
  { name: kind, node }: QueryCapture,
  grammar: string,
): void {
  const name = node.text;
  const isPublic = kind === 'public' && isPublicName(grammar, name);
  const before = symbols.get(name);
  const added = before ?? { name, line: lineOf(node), public: false };
  symbols.set(name, { ...added, public: added.public || isPublic });
}

/** `module.exports = name` and `exports.name = name` export; other assignments to a member do not. */
function isExport(captures: readonly QueryCapture[]): boolean {
  const module = captures.find((capture) => capture.name === 'module')?.node.text;
  const property = captures.find((capture) => capture.name === 'property')?.node.text;
  return module === undefined || (module === 'module' && property === 'exports') || module === 'exports';
}

function isPublicName(grammar: string, name: string): boolean {
  if (grammar === 'python') return !name.startsWith('_');
  if (grammar === 'go') return /^\p{Lu}/u.test(name);
  return true;
}

function importOf(captures: readonly QueryCapture[]): FoundImport[] {
  const call = captures.find(({ name }) => name === 'call')?.node.text;
  if (call !== undefined && !IMPORT_CALLS.has(call)) return [];
  const source = captures.find(({ name }) => name === 'source');
  const node = (source ?? captures.find(({ name }) => name === 'module'))?.node;
  if (node === undefined) return [];
  const text = node.text.replace(/^["'`<]|["'`>]$/g, '');
  const name = captures.find((capture) => capture.name === 'name')?.node.text;
  if (name !== undefined)
    return [{ specifier: `${text}${text.endsWith('.') ? '' : '.'}${name}`, line: lineOf(node) }];
  return [{ specifier: source === undefined ? `mod ${text}` : text, line: lineOf(node) }];
}

function lineOf(node: Node): number {
  return node.startPosition.row + 1;
}
