import type { CheckedClaim, Json } from '@soma/schemas/event';
import { afterEach, describe, expect, it } from 'vitest';
import { createFactsTools } from '../../adapter/tool-facts/index.ts';
import { createFolderTools } from '../../adapter/tool-folder/index.ts';
import { createSourceTools } from '../../adapter/tool-source/index.ts';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { verifyClaims } from '../../verify/index.ts';
import { buildArtifact, buildClaims, evaluateArguments, loadPlan, packagedPlanSources } from '../index.ts';

const tools = new Map(
  [...createFolderTools(), ...createFactsTools(), ...createSourceTools()].map((tool) => [
    tool.describe().name,
    tool,
  ]),
);
const descriptions = new Map([...tools].map(([name, tool]) => [name, tool.describe()]));
const loaded = packagedPlanSources
  .map((source) => loadPlan(source, descriptions))
  .find((plan) => plan.ok && plan.plan.name === 'explain-folder');
if (loaded?.ok !== true) throw new Error('explain-folder is expected among the packaged plans');
const { plan } = loaded;

let folder: SampleFolder;
afterEach(() => folder.remove());

interface Explained {
  readonly checked: readonly CheckedClaim[];
  /** Claims and lines of each task, as a person reads them. */
  readonly cards: Readonly<Record<string, readonly string[]>>;
}

/** What the engine does with the plan, in the order of its tasks. */
async function explain(files: Record<string, string | Uint8Array>): Promise<Explained> {
  folder = sampleFolder(files);
  const results: Record<string, Json> = {};
  const checked: CheckedClaim[] = [];
  const cards: Record<string, string[]> = {};
  for (const task of plan.tasks) {
    const tool = tools.get(task.tool);
    const given = await evaluateArguments(task, { goal: '', slots: {}, tasks: results, result: null });
    if (tool === undefined || !given.ok) throw new Error(`${task.id}: ${JSON.stringify(given)}`);
    const result = await outputOf(tool, given.value, aToolContext(folder.path));
    const context = { goal: '', slots: {}, tasks: results, result };
    const claims = await buildClaims(task, context);
    const artifact = await buildArtifact(task, context);
    if (!claims.ok || !artifact.ok) throw new Error(`${task.id}: ${JSON.stringify([claims, artifact])}`);
    checked.push(
      ...(await verifyClaims(claims.value, { folder: folder.path, signal: new AbortController().signal })),
    );
    cards[task.id] = [
      ...claims.value.map(({ text }) => text),
      ...(artifact.value?.lines ?? []).map(({ text, detail }) =>
        detail === null ? text : `${text}: ${detail}`,
      ),
    ];
    results[task.id] = result;
  }
  return { checked, cards };
}

function expectVerified({ checked }: Explained): void {
  expect(checked.filter(({ verdict }) => !verdict.checked)).toEqual([]);
  for (const { claim } of checked) expect(claim.citation.quote.trim()).not.toBe('');
}

describe('explaining a folder', () => {
  it('says what a JavaScript project is, how to run and test it, where to start, and how its parts depend on each other', async () => {
    const explained = await explain({
      'package.json':
        '{\n  "name": "x",\n  "version": "1.0.0",\n  "description": "Does x.",\n  "main": "dist/main.js",\n  "scripts": {\n    "start": "node .",\n    "test": "vitest"\n  },\n  "dependencies": {\n    "left-pad": "^1.0.0"\n  }\n}\n',
      'README.md': '# X\n\nX does one thing well.\n',
      '.gitignore': 'out/\n',
      'out/a.js': 'x\n',
      'src/main.ts':
        "import { b } from './b.ts';\nimport pad from 'left-pad';\n\nexport function main() {}\n",
      'src/b.ts': 'export const b = 1;\n',
      'test/b.test.ts': "import { b } from '../src/b.ts';\n\nexport const t = b;\n",
    });
    expectVerified(explained);
    expect(explained.cards).toEqual({
      list: [
        '6 files, 25 lines of text',
        'package.json has 13 lines',
        'src/main.ts has 4 lines',
        'README.md has 3 lines',
        'JSON: 1 file, 13 lines',
        'TypeScript: 3 files, 8 lines',
        'Markdown: 1 file, 3 lines',
      ],
      facts: [
        'X',
        'X does one thing well.',
        'Does x.',
        'Its name is x',
        'Version 1.0.0',
        'Entry point is dist/main.js',
        'Depends on left-pad ^1.0.0',
      ],
      commands: ['Run npm start', 'Check with npm test'],
      imports: ['src/b.ts is imported by 2 files', 'Uses left-pad in 1 file'],
      reading: ['main in src/main.ts', 'b in src/b.ts', 't in test/b.test.ts'],
      symbols: ['src/b.ts defines b', 'src/main.ts defines main', 'test/b.test.ts defines t'],
      'not-read': ['out: named by .gitignore'],
    });
  });

  it('explains a Python project by its entry point', async () => {
    const explained = await explain({
      'pyproject.toml': '[project]\nname = "gyp"\n\n[project.scripts]\ngyp = "gyp:script_main"\n',
      'pylib/gyp/__init__.py': 'from gyp import common\n\ndef script_main():\n    pass\n',
      'pylib/gyp/common.py': 'def one(): pass\n',
      'test/test_a.py': 'from gyp import common\nfrom gyp.common import one\n\ndef test_a(): pass\n',
    });
    expectVerified(explained);
    expect(explained.cards.reading?.[0]).toBe('script_main in pylib/gyp/__init__.py');
    expect(explained.cards.reading?.at(-1)).toBe('test_a in test/test_a.py');
    expect(explained.cards.imports).toEqual(['pylib/gyp/common.py is imported by 2 files']);
  });

  it('explains a folder of documents by their headings', async () => {
    const explained = await explain({
      'notes/a.md': '# Plans\n\nText.\n\n## Later\n',
      'notes/b.txt': 'Just words.\n',
      'c.rst': 'Title\n=====\n',
    });
    expectVerified(explained);
    expect(explained.cards.facts).toEqual([
      'c.rst is about: Title',
      'notes/a.md is about: Plans',
      'notes/a.md is about: Later',
    ]);
    expect(explained.cards.imports).toEqual([]);
  });

  it('explains one file', async () => {
    const explained = await explain({ 'main.py': 'def main():\n    pass\n' });
    expectVerified(explained);
    expect(explained.cards).toMatchObject({
      list: ['1 file, 2 lines of text', 'main.py has 2 lines', 'Python: 1 file, 2 lines'],
      symbols: ['main.py defines main'],
    });
  });

  it('claims nothing about an empty folder', async () => {
    const explained = await explain({});
    expect(explained.checked).toEqual([]);
    expect(Object.values(explained.cards).flat()).toEqual([]);
  });

  it('claims nothing about a folder in which nothing can be read, and says why', async () => {
    const explained = await explain({
      'a.bin': Uint8Array.of(1, 0),
      'empty.txt': '',
      'node_modules/x/index.js': 'x\n',
    });
    expect(explained.checked).toEqual([]);
    expect(explained.cards['not-read']).toEqual([
      'a.bin: not text',
      'empty.txt: empty',
      'node_modules: installed dependencies',
    ]);
  });

  it('stays true over hostile names and lines', async () => {
    const explained = await explain({
      'two\nlines.js': 'import \'./b "quoted".js\';\n',
      'b "quoted".js': 'export const b = 1;\n',
      'long.js': `export const long = '${'x'.repeat(20_000)}';\nexport const short = 1;\n`,
      'README.md': `# ${'x'.repeat(5000)}\n\n${'word '.repeat(2000)}\n`,
      'package.json': `{"name": "${'n'.repeat(400)}", "version": {"a": 1}, "license": {"url": "u"}, "main": 7, "scripts": []}\n`,
      'cr.py': 'def a(): pass\r\ndef b(): pass\r\n',
      'latin.py': Uint8Array.from([...Buffer.from('def '), 0xe9, ...Buffer.from('(): pass\nimport cr\n')]),
      'bom.py': '\ufeffdef bom(): pass\n',
    });
    expectVerified(explained);
    expect(explained.cards.imports?.slice(0, 2)).toEqual([
      'b "quoted".js is imported by 1 file',
      'cr.py is imported by 1 file',
    ]);
  });
});
