import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const page = readFileSync(new URL('../../../docs/how-to/add-a-node-kind.md', import.meta.url), 'utf8');

it('the example of the page that says how to add a node kind reads back the node it added', async () => {
  const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  // Beside the package's sources, so that its imports mean what they mean to a reader of the page.
  const file = new URL(`./how-to-example-${process.pid}.ts`, import.meta.url);
  writeFileSync(file, `${code}\nexport { node };\n`);
  try {
    const loaded: unknown = await import(/* @vite-ignore */ file.href);
    const { node } = z.object({ node: z.object({ id: z.string(), kind: z.string() }) }).parse(loaded);
    expect(node).toEqual({ id: 'n1', kind: 'note' });
  } finally {
    rmSync(file);
  }
});
