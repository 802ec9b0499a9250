import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MAPS } from '../../testing/import-samples.ts';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { verifyClaims } from '../../verify/index.ts';
import { createSourceTools } from './index.ts';

const tool = createSourceTools().find((one) => one.describe().name === 'map_imports');
if (tool === undefined) throw new Error('the tool is missing');
const imports = tool;

const Place = z.object({ path: z.string(), line: z.number(), quote: z.string() });
const ImportMap = z.object({
  files: z.array(
    z.object({ path: z.string(), importers: z.number(), imports: z.number(), at: z.array(Place) }),
  ),
  packages: z.array(z.object({ name: z.string(), files: z.number(), at: Place })),
  edges: z.number(),
  parsed: z.number(),
  graph: z
    .object({ nodes: z.array(z.looseObject({ id: z.string() })), edges: z.array(z.unknown()) })
    .nullable(),
});
let folder: SampleFolder;
afterEach(() => folder.remove());

async function mapOf(files: Record<string, string>) {
  folder = sampleFolder(files);
  const map = ImportMap.parse(await outputOf(imports, {}, aToolContext(folder.path)));
  const edges = map.files.flatMap(({ path, at }) =>
    at.map((place) => `${place.path}:${place.line} -> ${path}`),
  );
  return { ...map, arrows: edges.sort() };
}

describe('mapping imports', () => {
  it.each(MAPS)('resolves $name', async ({ files, arrows }) => {
    expect((await mapOf(files)).arrows).toEqual([...arrows].sort());
  });

  it.each(MAPS)(
    'makes claims that Verify accepts, and refuses them one off or about another file: $name',
    async ({ files }) => {
      const map = await mapOf(files);
      const where = { folder: folder.path, signal: new AbortController().signal };
      for (const { path, importers, at } of map.files) {
        const [first] = at;
        if (first === undefined) continue;
        const claim = (change: object) => ({
          kind: 'recounted' as const,
          id: 'c',
          text: 't',
          citation: first,
          recount: { of: 'importers' as const, subject: path, value: importers, at, ...change },
        });
        const others = Object.keys(files).filter(
          (other) => other !== path && !/\.go$|__init__\.py$/.test(other) && !other.endsWith('.json'),
        );
        const wrong = [
          claim({ value: importers + 1 }),
          claim({ at: [] }),
          claim({ at: at.map((one) => ({ ...one, line: one.line + 40 })) }),
        ];
        const about = others.filter(
          (other) =>
            !map.files.some(
              (file) =>
                file.path === other &&
                file.at.some((one) => one.path === first.path && one.line === first.line),
            ),
        );
        const checked = await verifyClaims(
          [claim({}), ...wrong, ...about.map((subject) => claim({ subject }))],
          where,
        );
        expect(
          checked.map(({ verdict }) => verdict.checked),
          `${path} by ${first.path}:${first.line}`,
        ).toEqual([true, ...checked.slice(1).map(() => false)]);
      }
    },
  );

  it('names the packages from outside, most used first, with a line that uses them', async () => {
    const { packages } = await mapOf({
      'a.js': "import fs from 'node:fs';\nimport x from '@scope/pkg/deep';\nimport y from './missing.js';\n",
      'b.js': "const fs = require('node:fs');\n",
      'c.py': 'import numpy.linalg\n',
    });
    expect(packages.map(({ name, files, at }) => [name, files, at.path, at.line])).toEqual([
      ['node:fs', 2, 'a.js', 1],
      ['@scope/pkg', 1, 'a.js', 2],
      ['numpy', 1, 'c.py', 1],
    ]);
  });

  it('draws the most connected files, or nothing when nothing is connected', async () => {
    const { graph } = await mapOf({ 'a.js': "import './b.js';\n", 'b.js': '', 'c.js': '' });
    expect(graph?.nodes.map(({ id }) => id).sort()).toEqual(['a.js', 'b.js']);
    folder.remove();
    expect((await mapOf({ 'a.js': '' })).graph).toBeNull();
  });
});
