import { readFileSync } from 'node:fs';
import type { Slots } from '@soma/schemas/event';
import { afterAll, expect, it } from 'vitest';
import { createFolderTools } from '../adapter/tool-folder/index.ts';
import { aToolContext, outputOf, sampleFolder } from '../testing/sample-folder.ts';
import { verifyClaims } from '../verify/index.ts';
import { buildArtifact, buildClaims, evaluateArguments, loadPlan } from './index.ts';

const page = readFileSync(new URL('../../../../docs/how-to/add-a-packaged-plan.md', import.meta.url), 'utf8');
const folder = sampleFolder({
  'a.ts': 'one();\n// DEPRECATED: two\n',
  'b/c.md': 'DEPRECATED three\ndeprecated four\nold five\n',
});
afterAll(() => folder.remove());

const tools = new Map(createFolderTools().map((tool) => [tool.describe().name, tool]));

/** Runs the page's plan with nothing but what every plan gets. */
async function run(slots: Slots): Promise<string[]> {
  const loaded = loadPlan(
    /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '',
    new Map([...tools].map(([name, tool]) => [name, tool.describe()])),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const texts: string[] = [];
  for (const task of loaded.plan.tasks) {
    const tool = tools.get(task.tool);
    const given = await evaluateArguments(task, { goal: '', slots, tasks: {}, result: null });
    if (tool === undefined || !given.ok) throw new Error(JSON.stringify(given));
    const context = {
      goal: '',
      slots,
      tasks: {},
      result: await outputOf(tool, given.value, aToolContext(folder.path)),
    };
    const claims = await buildClaims(task, context);
    if (!claims.ok) throw new Error(JSON.stringify(claims.fault));
    const checked = await verifyClaims(claims.value, {
      folder: folder.path,
      signal: new AbortController().signal,
    });
    expect(checked.every(({ verdict }) => verdict.checked)).toBe(true);
    expect(await buildArtifact(task, context)).toMatchObject({ ok: true, value: { title: 'Deprecated' } });
    texts.push(...claims.value.map(({ text }) => text));
  }
  return texts;
}

it('the plan of the page that says how to add one runs, with and without its slot', async () => {
  expect(await run({})).toEqual(['a.ts line 2', 'b/c.md line 1']);
  expect(await run({ word: 'old' })).toEqual(['b/c.md line 3']);
});
