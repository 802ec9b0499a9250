import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/local-store.ts';
import { AgentFolder, OWN_AGENT_LIMIT } from './index.ts';

describe('a folder of agent files', () => {
  let root: string;
  let remove: () => void;
  let folder: string;
  beforeEach(() => {
    ({ path: root, remove } = temporaryFolder());
    folder = join(root, 'agents');
  });
  afterEach(() => remove());

  const agents = () => new AgentFolder({ folder });
  const write = (file: string, text: string | Uint8Array) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), text);
  };

  it('is empty where there is none, and else every file as it is now', async () => {
    expect(await agents().read()).toEqual([]);
    write('b.md', 'two');
    write('a.md', 'one');
    const shown = agents();
    expect(await shown.read()).toEqual([
      { file: 'a.md', path: join(folder, 'a.md'), source: 'one' },
      { file: 'b.md', path: join(folder, 'b.md'), source: 'two' },
    ]);
    write('a.md', 'another');
    expect(await shown.read()).toMatchObject([{ source: 'another' }, { source: 'two' }]);
  });

  it('says of each file that it does not read why, and follows no link out of itself', async () => {
    write('large.md', 'x'.repeat(100_000));
    write('latin.md', Uint8Array.of(0x61, 0xe4, 0x0a));
    write('My Agent.md', 'one');
    write('.hidden.md', 'one');
    write('notes.txt', 'one');
    writeFileSync(join(root, 'secret.md'), 'secret');
    symlinkSync(join(root, 'secret.md'), join(folder, 'out.md'));
    mkdirSync(join(folder, 'folder.md'));
    const read = await agents().read();
    expect(Object.fromEntries(read.map(({ file, fault }) => [file, fault?.code ?? 'none']))).toEqual({
      'My Agent.md': 'AGENT_INVALID',
      'folder.md': 'FILE_UNREADABLE',
      'large.md': 'FILE_TOO_LARGE',
      'latin.md': 'AGENT_INVALID',
      'out.md': 'PATH_OUTSIDE',
    });
  });

  it('reads the first ones and says of the others that they are too many', async () => {
    for (let number = 0; number < OWN_AGENT_LIMIT + 3; number += 1)
      write(`a${String(number).padStart(3, '0')}.md`, 'one');
    const read = await agents().read();
    expect(read.filter(({ fault }) => fault === undefined)).toHaveLength(OWN_AGENT_LIMIT);
    expect(read.filter(({ fault }) => fault?.code === 'AGENT_TOO_MANY')).toHaveLength(3);
  });

  it('that is no folder says so', async () => {
    writeFileSync(folder, 'a file');
    await expect(agents().read()).rejects.toMatchObject({ fault: { code: 'DATA_FOLDER_UNUSABLE' } });
  });
});
