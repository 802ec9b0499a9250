import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { catalogues } from './index.ts';

const source = resolve(import.meta.dirname, '..', '..', '..', 'packages', 'ui', 'src');

/** What a person reads or hears, besides the text between tags. */
const SPOKEN =
  /^(aria-label|aria-description|aria-roledescription|alt|title|placeholder|label|note|detail|children|closeLabel|empty)$/;

/** A text has a letter; signs and numbers alone are the same in every language. */
const isText = (text: string) => /\p{L}/u.test(text);

interface Finding {
  readonly place: string;
  readonly text: string;
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
}

/** Literal texts in the JSX of a file: between tags, in expressions between tags, and in properties that are read or heard. */
function textsIn(file: ts.SourceFile): Finding[] {
  const found: Finding[] = [];
  const add = (node: ts.Node, text: string) => {
    if (!isText(text)) return;
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    found.push({ place: `${file.fileName}:${line + 1}`, text: text.trim() });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) add(node, node.text);
    if (ts.isJsxExpression(node) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))) {
      said(node.expression, add);
    }
    if (ts.isJsxAttribute(node) && SPOKEN.test(node.name.getText())) {
      if (node.initializer !== undefined && ts.isStringLiteral(node.initializer))
        add(node, node.initializer.text);
      if (node.initializer !== undefined && ts.isJsxExpression(node.initializer))
        said(node.initializer.expression, add);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The literals an expression may come to: itself, branches of a choice, fallbacks, parts of a template. */
function said(node: ts.Expression | undefined, add: (node: ts.Node, text: string) => void): void {
  if (node === undefined) return;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) add(node, node.text);
  else if (ts.isParenthesizedExpression(node)) said(node.expression, add);
  else if (ts.isConditionalExpression(node)) {
    said(node.whenTrue, add);
    said(node.whenFalse, add);
  } else if (ts.isBinaryExpression(node)) {
    if (node.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken) said(node.left, add);
    said(node.right, add);
  } else if (ts.isTemplateExpression(node)) {
    add(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' '));
  }
}

/** Keys of the catalogue that a file asks for in so many words. */
function keysIn(file: ts.SourceFile): Finding[] {
  const found: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && /^app(\.[\w-]+)+$/.test(node.text)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push({ place: `${file.fileName}:${line + 1}`, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const known = (key: string): boolean => {
  let at: unknown = catalogues.en;
  for (const part of key.split('.')) {
    at = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined;
  }
  return typeof at === 'string';
};

const files = globSync('**/*.{ts,tsx}', { cwd: source })
  .filter((path) => !/\.test\.tsx?$|^testing\/|^design\/component-page/.test(path))
  .map((path) => parse(path, readFileSync(resolve(source, path), 'utf8')));

describe('the texts of the app', () => {
  it('stand in the catalogue and never in a component', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap(textsIn)).toEqual([]);
  });

  it('are all there that are asked for by name', () => {
    const asked = files.flatMap(keysIn);
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter(({ text }) => !known(text))).toEqual([]);
  });

  it('would be found in a component, wherever they stand', () => {
    const caught = textsIn(
      parse(
        'sample.tsx',
        `const a = <p title="one" className="not">two {yes ? 'three' : \`four \${n}\`} {x && 'five'} <b aria-label={'six'}>7 %</b></p>;`,
      ),
    );
    expect(caught.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });
});
