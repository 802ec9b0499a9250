// Measures of one source file, by its syntax tree: comments and blank lines never count.
import ts from 'typescript';

export type Finding = { path: string; line: number; rule: string; message: string };

export type Source = {
  path: string;
  /** Lines that hold at least one token. */
  codeLines: number;
  /** What it imports, as written; what it only passes on (`export ... from`) is apart. */
  imports: string[];
  passedOn: string[];
  findings: Finding[];
};

const longestFunction = 60;
const suites = new Set(['describe', 'suite']);
const tests = new Set([...suites, 'it', 'test']);

/**
 * @param path as it is reported; its ending decides how the text is read
 * @param text of the file
 */
export function measure(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const lines = codeLines(file);
  const imports: string[] = [];
  const passedOn: string[] = [];
  const findings: Finding[] = [];
  const report = (node: ts.Node, rule: string, message: string): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    findings.push({ path, line, rule, message });
  };
  const visit = (node: ts.Node): void => {
    const specifier = importedBy(node);
    if (specifier !== undefined) (ts.isExportDeclaration(node) ? passedOn : imports).push(specifier);
    if (isSilencingCast(node))
      report(node, 'cast', 'a cast through unknown, any or never silences the compiler');
    if (ts.isFunctionLike(node) && !holdsSuites(node)) {
      const length = between(lines, file, node);
      if (length > longestFunction)
        report(node, 'function-size', `${length} code lines, at most ${longestFunction}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const [index, line] of text.split('\n').entries()) {
    if (/\b([T]ODO|[F]IXME|[X]XX)\b/.test(line)) {
      findings.push({ path, line: index + 1, rule: 'unfinished', message: 'finish it, or write an issue' });
    }
  }
  return { path, codeLines: lines.size, imports, passedOn, findings };
}

function codeLines(file: ts.SourceFile): Set<number> {
  const lines = new Set<number>();
  const lineOf = (position: number): number => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const parts = node.getChildren(file);
    if (parts.length > 0) {
      parts.forEach(visit);
      return;
    }
    if (node.end === node.getStart(file) || (ts.isJsxText(node) && node.containsOnlyTriviaWhiteSpaces))
      return;
    for (let line = lineOf(node.getStart(file)); line <= lineOf(node.end); line += 1) lines.add(line);
  };
  file.statements.forEach(visit);
  return lines;
}

function between(lines: ReadonlySet<number>, file: ts.SourceFile, node: ts.Node): number {
  const first = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
  const last = file.getLineAndCharacterOfPosition(node.end).line;
  let count = 0;
  for (let line = first; line <= last; line += 1) if (lines.has(line)) count += 1;
  return count;
}

function importedBy(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0]);
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** A function that wraps suites and tests, or is a suite, is as long as they are; a test itself is not exempt. */
function holdsSuites(node: ts.SignatureDeclaration): boolean {
  if (ts.isCallExpression(node.parent) && calls(node.parent, suites)) return true;
  const body = 'body' in node ? node.body : undefined;
  return (
    body !== undefined &&
    ts.isBlock(body) &&
    body.statements.some(
      (statement) =>
        ts.isExpressionStatement(statement) &&
        ts.isCallExpression(statement.expression) &&
        calls(statement.expression, tests),
    )
  );
}

/** describe(...), describe.skipIf(...)(...), describe.each(...)(...) */
function calls(call: ts.CallExpression, names: ReadonlySet<string>): boolean {
  let callee: ts.Expression = call.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && names.has(callee.text);
}

function isSilencingCast(node: ts.Node): boolean {
  if (!ts.isAsExpression(node) || !ts.isAsExpression(node.expression)) return false;
  const through = node.expression.type.kind;
  return (
    through === ts.SyntaxKind.UnknownKeyword ||
    through === ts.SyntaxKind.AnyKeyword ||
    through === ts.SyntaxKind.NeverKeyword
  );
}
