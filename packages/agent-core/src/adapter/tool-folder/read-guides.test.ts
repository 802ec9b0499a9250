import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aToolContext, outputOf, type SampleFolder, sampleFolder } from '../../testing/sample-folder.ts';
import { createFolderTools } from './index.ts';

let folder: SampleFolder;
beforeAll(() => {
  folder = sampleFolder({
    'AGENTS.md': 'Run npm test before you say that it works.\n',
    'packages/ui/AGENTS.md': 'No text in code.\n',
    'packages/long/AGENTS.md': 'x'.repeat(20_000),
    'agents.md': 'Not this one.\n',
    'README.md': 'AGENTS.md is read by agents.\n',
    '.agents/skills/pdf/SKILL.md':
      '---\r\nname: pdf\r\ndescription: >\r\n  Reads\r\n  PDF files.\r\n---\r\nHow.\r\n',
    'skills/bare/SKILL.md': '# No front matter\n',
    'skills/bad/SKILL.md': '---\nname: [\n---\n',
    'skills/binary/SKILL.md': Uint8Array.of(0, 1, 2, 0),
    'node_modules/other/AGENTS.md': 'Of somebody else.\n',
  });
});
afterAll(() => folder.remove());

describe('what a folder tells agents', () => {
  it('is read with its place: guides whole, the nearest the root first, and of skills what they are for', async () => {
    const tool = createFolderTools().find((one) => one.describe().name === 'read_guides');
    if (tool === undefined) throw new Error('no such tool');
    const output = await outputOf(tool, {}, aToolContext(folder.path));
    expect(output).toEqual({
      guides: [
        { path: 'AGENTS.md', text: 'Run npm test before you say that it works.\n', left: 0 },
        { path: 'packages/long/AGENTS.md', text: 'x'.repeat(16_000), left: 4000 },
        { path: 'packages/ui/AGENTS.md', text: 'No text in code.\n', left: 0 },
      ],
      skills: [{ path: '.agents/skills/pdf/SKILL.md', name: 'pdf', description: 'Reads PDF files.\n' }],
      notRead: [
        { path: 'skills/bad/SKILL.md', reason: 'no-front-matter' },
        { path: 'skills/bare/SKILL.md', reason: 'no-front-matter' },
        { path: 'skills/binary/SKILL.md', reason: 'unreadable' },
      ],
    });
  });
});
