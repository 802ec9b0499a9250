import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { catalogues, createTranslator, noteText } from './index.ts';

/** A note as some source raises it: its code, and the names of its values where they are written out. */
interface Raised {
  readonly code: string;
  readonly values: readonly string[] | null;
  readonly where: string;
}

const root = resolve(import.meta.dirname, '..', '..', '..');
const translator = await createTranslator();
const texts: Readonly<Record<string, string>> = catalogues.en.note;

const named = (literal: ts.ObjectLiteralExpression, name: string) =>
  literal.properties.find((property) => property.name?.getText() === name);

/** The names of an object's properties; null when some come from elsewhere. */
function keysOf(node: ts.Node | undefined): readonly string[] | null {
  if (node === undefined || !ts.isPropertyAssignment(node)) return null;
  if (!ts.isObjectLiteralExpression(node.initializer)) return null;
  const keys = node.initializer.properties.map((property) => property.name?.getText());
  return keys.every((key) => key !== undefined) ? keys : null;
}

/** Every text an expression can be: itself, either branch, or what callers in the same file hand to the parameter it is. */
function literalsOf(expression: ts.Expression): readonly string[] | null {
  if (ts.isStringLiteral(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression)) {
    const [yes, no] = [literalsOf(expression.whenTrue), literalsOf(expression.whenFalse)];
    return yes === null || no === null ? null : [...yes, ...no];
  }
  return ts.isIdentifier(expression) ? handedTo(expression) : null;
}

function handedTo(parameter: ts.Identifier): readonly string[] | null {
  let scope: ts.Node = parameter;
  while (scope.parent !== undefined && !ts.isFunctionDeclaration(scope)) scope = scope.parent;
  if (!ts.isFunctionDeclaration(scope) || scope.name === undefined) return null;
  const at = scope.parameters.findIndex(({ name }) => name.getText() === parameter.text);
  if (at < 0) return null;
  const [callee, found] = [scope.name.text, [] as string[]];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === callee) {
      const argument = node.arguments[at];
      found.push(...((argument === undefined ? null : literalsOf(argument)) ?? ['?']));
    }
    ts.forEachChild(node, visit);
  };
  visit(parameter.getSourceFile());
  return found;
}

/** A note in source is an object of exactly `code` and `data`; a code in capitals belongs to a fault. */
function notesIn(path: string): Raised[] {
  const source = ts.createSourceFile(
    path,
    readFileSync(resolve(root, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const raised: Raised[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isObjectLiteralExpression(node) || node.properties.length !== 2) return;
    const [code, data] = [named(node, 'code'), named(node, 'data')];
    if (code === undefined || data === undefined) return;
    const expression = ts.isPropertyAssignment(code)
      ? code.initializer
      : ts.isShorthandPropertyAssignment(code)
        ? code.name
        : null;
    const codes = expression === null ? null : literalsOf(expression);
    const where = `${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    for (const each of codes ?? ['?']) {
      if (!/^[A-Z_]+$/.test(each)) raised.push({ code: each, values: keysOf(data), where });
    }
  };
  visit(source);
  return raised;
}

const raised = globSync('{packages/agent-core,apps/*}/src/**/*.ts', { cwd: root })
  .filter((path) => !path.includes('.test.') && !path.includes('/testing/'))
  .flatMap(notesIn);

describe('the notes that tools and engine raise', () => {
  it('are found, each with a code that can be read off the source', () => {
    expect(raised.length).toBeGreaterThan(10);
    expect(raised.filter(({ code }) => code === '?')).toEqual([]);
  });

  it('have a text each', () => {
    expect(raised.filter(({ code }) => texts[code] === undefined)).toEqual([]);
  });

  it('carry every value their text names', () => {
    const short = raised.flatMap(({ code, values, where }) => {
      const said = noteText(translator, {
        code,
        data: Object.fromEntries((values ?? []).map((name) => [name, 2])),
      });
      return values !== null && /[{}]|undefined|null/.test(said) ? [{ code, where, said }] : [];
    });
    expect(short).toEqual([]);
  });

  it('are all that has a text', () => {
    const known = new Set(raised.map(({ code }) => code));
    expect(Object.keys(texts).filter((code) => !known.has(code))).toEqual([]);
  });

  it('are said as a sentence without haste', () => {
    for (const text of Object.values(texts)) {
      expect(text).toMatch(/\.\}*$/);
      expect(text).not.toMatch(/please|oops|sorry|success|\bAI\b|!/i);
    }
  });
});
