import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, Parser, Query, type QueryCapture, type Tree } from 'web-tree-sitter';
import table from './languages.json' with { type: 'json' };
import type { Analysis, FoundImport, FoundSymbol } from './message.ts';

/** Extensions whose files are outlined. */
export const OUTLINED: ReadonlySet<string> = new Set(table.flatMap(({ extensions }) => extensions));

/** Longest parse of one file, in milliseconds. */
const PARSE_LIMIT_MS = 2000;

/** Calls that import, in the languages where importing is a call. */
const IMPORT_CALLS: ReadonlySet<string> = new Set(['require', 'require_relative', 'load', 'source', '.']);

interface Grammar {
  readonly name: string;
  readonly parser: Parser;
  readonly symbols: Query;
  readonly imports: Query;
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
      symbols: new Query(language, row.symbols),
      imports: new Query(language, row.imports),
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
      return { symbols: symbolsOf(grammar, tree), imports: importsOf(grammar, tree) };
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

function symbolsOf({ name: grammar, symbols }: Grammar, tree: Tree): FoundSymbol[] {
  const found = new Map<string, FoundSymbol>();
  for (const match of symbols.matches(tree.rootNode)) {
    const named = match.captures.find((capture) => capture.name === 'public' || capture.name === 'private');
    if (named === undefined || !isExport(match.captures)) continue;
    const name = named.node.text;
    const line = named.node.startPosition.row + 1;
    const isPublic = named.name === 'public' && isPublicName(grammar, name);
    const before = found.get(name);
    // A name exported further down is public, and stands where it is declared.
    found.set(
      name,
      before === undefined
        ? { name, line, public: isPublic }
        : { ...before, public: before.public || isPublic },
    );
  }
  return [...found.values()];
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

function importsOf({ imports }: Grammar, tree: Tree): FoundImport[] {
  const found: FoundImport[] = [];
  for (const { captures } of imports.matches(tree.rootNode)) {
    const call = captures.find((capture) => capture.name === 'call')?.node.text;
    if (call !== undefined && !IMPORT_CALLS.has(call)) continue;
    const source = captures.find((capture) => capture.name === 'source');
    const module = captures.find((capture) => capture.name === 'module');
    const node = (source ?? module)?.node;
    if (node === undefined) continue;
    const text = node.text.replace(/^["'`<]|["'`>]$/g, '');
    found.push({ specifier: source === undefined ? `mod ${text}` : text, line: node.startPosition.row + 1 });
  }
  return found;
}
