import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** Calls that change what is on the disk: functions of node:fs, and members of a file handle or a database. */
const FUNCTIONS =
  /^(appendFile|chmod|copyFile|cp|fsync|ftruncate|link|mkdir|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writeFile)(Sync)?$/;
const MEMBERS = /^(immediate|exclusive|deferred|sync|datasync|writeFile|truncate)$/;

/** Ways of writing that are always used inside `durably`, and so have no failpoints of their own. */
const TOOLS = /data-folder\/(durable-file|connection)\.ts$/;

/** What keeps no promise to anybody: a socket is no record, and what the build makes or an index holds can be made again. */
const PASSING = /adapter\/(?:transport|tool-find)\/|(?:plan|agent)\/packaged\/embed\.ts$/;

/** A source file with the functions it exports and the module each imported name comes from. */
interface Source {
  readonly tree: ts.SourceFile;
  readonly file: string;
  readonly exported: ReadonlySet<string>;
  readonly imported: ReadonlyMap<string, string>;
}

/** Functions and members that write outside `durably`, as `file: name`. Who calls one outside `durably` is one too. */
function writersIn(sources: readonly Source[]): Set<string> {
  const writers = new Set<string>();
  for (let known = -1; known !== writers.size; ) {
    known = writers.size;
    for (const source of sources) visit(source.tree, source, writers);
  }
  return writers;
}

function visit(node: ts.Node, source: Source, writers: Set<string>): void {
  if (writes(node, source, writers)) {
    const owner = ownerOf(node);
    if (owner !== null) writers.add(source.exported.has(owner) ? owner : `${source.file}: ${owner}`);
  }
  ts.forEachChild(node, (child) => visit(child, source, writers));
}

function writes(node: ts.Node, { file, imported }: Source, writers: ReadonlySet<string>): boolean {
  if (ts.isPropertyAccessExpression(node) && MEMBERS.test(node.name.text)) return true;
  if (!ts.isCallExpression(node)) return false;
  const called = node.expression;
  if (ts.isPropertyAccessExpression(called))
    return writers.has(`${file}: ${called.name.text}`) && called.name.text.startsWith('#');
  if (!ts.isIdentifier(called)) return false;
  const from = imported.get(called.text);
  if (from === undefined) return writers.has(called.text) || writers.has(`${file}: ${called.text}`);
  return from.startsWith('node:fs') ? FUNCTIONS.test(called.text) : writers.has(called.text);
}

/** The function or member the node belongs to; null when it lies inside `durably`, which is what is wanted. */
function ownerOf(node: ts.Node): string | null {
  let owner = '(module)';
  for (let at: ts.Node = node; at.parent !== undefined; at = at.parent) {
    if (isGuarded(at)) return null;
    if (owner === '(module)') owner = nameOf(at) ?? owner;
  }
  return owner;
}

function isGuarded(node: ts.Node): boolean {
  const { parent } = node;
  if (!ts.isCallExpression(parent) || parent.expression === node) return false;
  return /^durably(Async)?$/.test(parent.expression.getText());
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return node.name?.getText();
  if (ts.isPropertyAssignment(node) && ts.isArrowFunction(node.initializer)) return node.name.getText();
  if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left)) return node.left.name.text;
  return undefined;
}

/** What others could call that writes without a failpoint on both sides; a helper that is only used inside `durably` is no fault. */
function unguarded(files: ReadonlyMap<string, string>): string[] {
  const sources = [...files].map(([file, text]) => read(file, text));
  const tools = new Set(
    sources.filter(({ file }) => TOOLS.test(file)).flatMap(({ exported }) => [...exported]),
  );
  const found = [...writersIn(sources)].filter(
    (writer) => !tools.has(writer) && !TOOLS.test(writer.split(':')[0] ?? ''),
  );
  return found.filter((writer) => isOpen(writer, sources));
}

function isOpen(writer: string, sources: readonly Source[]): boolean {
  const [file, name] = writer.split(': ');
  if (name === undefined) return true;
  if (name.startsWith('#')) return false;
  const tree = sources.find((source) => source.file === file)?.tree;
  return !(tree?.statements ?? []).some((one) => ts.isFunctionDeclaration(one) && one.name?.text === name);
}

function read(file: string, text: string): Source {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const exported = new Set<string>();
  const imported = new Map<string, string>();
  for (const statement of tree.statements) {
    if (
      ts.isFunctionDeclaration(statement) &&
      statement.name !== undefined &&
      /^export /.test(statement.getText())
    ) {
      exported.add(statement.name.text);
    }
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const named = statement.importClause?.namedBindings;
    if (named === undefined || !ts.isNamedImports(named)) continue;
    for (const { name } of named.elements) imported.set(name.text, statement.moduleSpecifier.text);
  }
  return { tree, file, exported, imported };
}

function productFiles(): Map<string, string> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const product = names.filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing/'),
  );
  return new Map(
    product
      .filter((name) => !PASSING.test(name))
      .map((name) => [name, readFileSync(join(root, name), 'utf8')]),
  );
}

it('no durable write of the product lacks a failpoint on either side', () => {
  expect(unguarded(productFiles())).toEqual([]);
});

const fs = 'import { renameSync, rmSync, writeFileSync } from "node:fs";';

it.each([
  ['a plain write', 'export function save(path: string) { writeFileSync(path, ""); }', 'save'],
  [
    'a write in a helper',
    'export function save() { help(); } function help() { renameSync("a", "b"); }',
    'save',
  ],
  ['a write beside durably', 'export function save() { durably("x", () => 1); rmSync("a"); }', 'save'],
  ['a transaction', 'class Store { save() { this.db.transaction(f).immediate(); } }', 'a.ts: save'],
  [
    'a prepared transaction',
    'class S { constructor(d) { this.#go = d.transaction(f).immediate; } save() { this.#go(); } }',
    'a.ts: save',
  ],
  ['a member of an object', 'export const open = () => ({ save: () => rmSync("a") });', 'a.ts: save'],
])('%s without failpoints is found', (_, text, name) => {
  expect(unguarded(new Map([['a.ts', `${fs} ${text}`]]))).toEqual([name]);
});

it('a write in another file is found where it is called without failpoints', () => {
  const helper = [
    'data-folder/durable-file.ts',
    `${fs} export function put() { renameSync("a", "b"); }`,
  ] as const;
  const caller = 'import { put } from "./durable-file.ts"; export function save() { put(); }';
  expect(unguarded(new Map([helper, ['a.ts', caller]]))).toEqual(['save']);
});

it('a write inside durably is not found', () => {
  const text =
    'export function save() { durably("x", () => help()); } function help() { renameSync("a", "b"); }';
  expect(unguarded(new Map([['a.ts', `${fs} ${text}`]]))).toEqual([]);
});
