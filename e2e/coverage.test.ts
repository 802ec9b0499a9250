import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SCENARIOS } from './scenarios.ts';

it('every scenario is played by exactly one test file', async () => {
  const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.test.ts'));
  const texts = await Promise.all(files.map((name) => readFile(join(import.meta.dirname, name), 'utf8')));
  for (const id of Object.keys(SCENARIOS)) {
    expect(texts.filter((text) => text.includes(`play('${id}'`)).length, id).toBe(1);
  }
});

it('a third of the scenarios are also played in a browser tab', () => {
  const all = Object.values(SCENARIOS);
  const tabs = all.filter(({ places, long }) => [...places, ...long].some((place) => place === 'tab'));
  expect(tabs.length * 3).toBeGreaterThanOrEqual(all.length);
});
