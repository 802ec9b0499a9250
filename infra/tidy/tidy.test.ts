import { describe, expect, it } from 'vitest';
import { exported, folders, openings, ownFiles, ruleSentence, sizes } from './house.ts';
import { measure } from './source.ts';

const lines = (count: number, line = 'let x = 1;'): string => `${line}\n`.repeat(count);
const rules = (findings: { rule: string }[]): string[] => findings.map(({ rule }) => rule);

describe('measuring a source', () => {
  it('counts lines with code, whatever comments and blank lines stand between', () => {
    const text =
      '// one\n\nconst a = 1; // two\n/* three\n four */\nconst b = `x\ny`;\n/** five */\nconst c = 1;\n';
    expect(measure('a.ts', text).codeLines).toBe(4);
  });

  it('reports a function above sixty code lines and not one of sixty', () => {
    const body = (count: number): string => `function f() {\n${lines(count)}}\n`;
    expect(rules(measure('a.ts', body(58)).findings)).toEqual([]);
    expect(rules(measure('a.ts', body(59)).findings)).toEqual(['function-size']);
    expect(rules(measure('a.ts', `function f() {\n${lines(59, '// said')}}\n`).findings)).toEqual([]);
  });

  it('lets the callback of a suite, and a function that holds suites, be as long as its tests', () => {
    const suite = `describe('x', () => {\n${lines(80)}});\n`;
    expect(measure('a.ts', suite).findings).toEqual([]);
    expect(measure('a.ts', `function conformance() {\n${suite}}\n`).findings).toEqual([]);
    expect(rules(measure('a.ts', `it('x', () => {\n${lines(80)}});\n`).findings)).toEqual(['function-size']);
  });

  it('reports a cast through unknown, and not a plain one', () => {
    expect(rules(measure('a.ts', 'const a = b as unknown as C;').findings)).toEqual(['cast']);
    expect(measure('a.ts', 'const a = b as C;').findings).toEqual([]);
  });
});

describe('sizes of files', () => {
  it('reports a file above three hundred code lines, unless it is long by nature', () => {
    expect(
      rules(sizes([...Array(20).fill(measure('a.ts', lines(10))), measure('b.ts', lines(301))])),
    ).toEqual(['file-size']);
    expect(sizes([measure('store-conformance.ts', lines(301))])).toEqual([]);
  });

  it('reports when more than one file in ten is above 220 code lines', () => {
    expect(sizes([...Array(9).fill(measure('a.ts', lines(10))), measure('b.ts', lines(221))])).toEqual([]);
    expect(
      rules(
        sizes([...Array(8).fill(measure('a.ts', lines(10))), ...Array(2).fill(measure('b.ts', lines(221)))]),
      ),
    ).toEqual(['file-size']);
  });
});

describe('files and folders', () => {
  const workspaces = [
    { folder: 'p', name: '@soma/p', exports: { '.': './src/index.ts', './x/*': './src/x/*.ts' } },
  ];

  it('reports a folder whose name says nothing', () => {
    expect(folders(['p/src/utils/a.ts', 'p/src/canvas/a.ts']).map(({ path }) => path)).toEqual([
      'p/src/utils',
    ]);
  });

  it('sends a short file with one importer into that importer', () => {
    const sources = [measure('p/src/a.ts', "import './b.ts';"), measure('p/src/b.ts', 'const b = 1;')];
    expect(ownFiles(sources, workspaces).map(({ path }) => path)).toEqual(['p/src/b.ts']);
  });

  it('leaves a short file alone that two import, that a package exports, or that an index passes on', () => {
    const b = measure('p/src/b.ts', 'const b = 1;');
    expect(
      ownFiles(
        [measure('p/src/a.ts', "import './b.ts';"), measure('p/src/c.ts', "import './b.ts';"), b],
        workspaces,
      ),
    ).toEqual([]);
    expect(
      ownFiles(
        [measure('q/a.ts', "import '@soma/p/x/one';"), measure('p/src/x/one.ts', 'const one = 1;')],
        workspaces,
      ),
    ).toEqual([]);
    expect(
      ownFiles(
        [measure('p/src/index.ts', "export * from './b.ts';"), measure('p/src/a.ts', "import './b.ts';"), b],
        workspaces,
      ),
    ).toEqual([]);
  });

  it('leaves the door of a folder alone, and not an index that does something', () => {
    const user = measure('p/src/a.ts', "import './room/index.ts';");
    expect(
      ownFiles([user, measure('p/src/room/index.ts', "export { b } from './b.ts';")], workspaces),
    ).toEqual([]);
    expect(
      rules(ownFiles([user, measure('p/src/room/index.ts', 'export const b = 1;')], workspaces)),
    ).toEqual(['own-file']);
  });

  it('reports an export that leads nowhere', () => {
    expect(exported(['p/src/index.ts', 'p/src/x/one.ts'], workspaces)).toEqual([]);
    expect(exported(['p/src/index.ts'], workspaces).map(({ message }) => message)).toEqual([
      '"./x/*" names ./src/x/*.ts, which is not there',
    ]);
  });
});

describe('the opening line of a page', () => {
  it('is the rule, after the heading', () => {
    expect(openings(new Map([['docs/a.md', `# A\n\n${ruleSentence}\n\nText`]]))).toEqual([]);
    expect(rules(openings(new Map([['docs/a.md', `# A\n\nText\n\n${ruleSentence}`]])))).toEqual(['opening']);
  });
});
