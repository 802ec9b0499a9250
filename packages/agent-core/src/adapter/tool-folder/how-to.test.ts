import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { sampleFolder } from '../../testing/sample-folder.ts';

const page = readFileSync(new URL('../../../../../docs/how-to/add-a-tool.md', import.meta.url), 'utf8');
const home = sampleFolder({ 'src/adapter/': '', 'folder/a.txt': 'three little words\n' });
afterAll(() => home.remove());

it('the tool of the page that says how to add one counts words, and reads nothing outside', () => {
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  expect(code).toBeDefined();
  symlinkSync(fileURLToPath(new URL('.', import.meta.url)), home.at('src/adapter/tool-folder'));
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), home.at('node_modules'));
  home.write({
    'package.json': '{"type":"module"}',
    'src/adapter/tool-word/index.ts': code ?? '',
    'run.ts': `import { createWordTools } from './src/adapter/tool-word/index.ts';
      const [tool] = createWordTools();
      const context = { folder: process.argv[2], signal: new AbortController().signal };
      const calls = [{ path: 'a.txt' }, { path: '../run.ts' }, {}].map((input) => tool.call(input, context));
      process.stdout.write(JSON.stringify([tool.describe().risk, ...(await Promise.all(calls))]));`,
  });
  const output = execFileSync(process.execPath, [home.at('run.ts'), home.at('folder')], { encoding: 'utf8' });
  expect(JSON.parse(output)).toMatchObject([
    'read',
    { ok: true, output: { path: 'a.txt', words: 3 }, note: { code: 'words-counted' } },
    { ok: false, fault: { code: 'PATH_OUTSIDE' } },
    { ok: false, fault: { code: 'TOOL_INPUT_INVALID' } },
  ]);
});
