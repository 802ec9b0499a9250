import { FaultError } from '@soma/schemas/event';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { readingTool } from './define.ts';
import { readText, resolveFolder } from './inside.ts';
import { FILE_LIMIT } from './list-files.ts';
import { walk } from './walk.ts';

/** Names of files by which a folder tells agents how work is done there (agents.md), and what each of its skills is for (agentskills.io). */
const GUIDE = 'AGENTS.md';
const SKILL = 'SKILL.md';

/** Most files of each kind, and most characters that are read of a guide and of a skill's words for itself. */
const MOST = 50;
const GUIDE_LIMIT = 16_000;
const WORDS_LIMIT = 1024;

const Skill = z.object({ name: z.string().min(1).max(64), description: z.string().min(1) });

/** `guides`: the nearest the root first; `left` is how many characters of one were left out. */
const Read = z.object({
  guides: z.array(z.object({ path: z.string(), text: z.string(), left: z.number().int() })),
  skills: z.array(z.object({ path: z.string(), name: z.string(), description: z.string() })),
  notRead: z.array(
    z.object({ path: z.string(), reason: z.enum(['unreadable', 'no-front-matter', 'too-many']) }),
  ),
});

/** What a folder says to agents: guides whole, and of skills what they are for, each with where it stands. Nothing of it is followed here. */
export const readGuides = readingTool({
  name: 'read_guides',
  description:
    'Reads what the folder itself tells agents: each AGENTS.md, and name and purpose of each skill (SKILL.md), with where they stand.',
  input: z.object({}),
  output: Read,
  timeoutMs: 60_000,
  outputLimitBytes: 4 * 1024 * 1024,
  work: async (_input, { folder, signal }) => {
    const root = await resolveFolder(folder);
    const { files } = await walk(root, { limit: FILE_LIMIT, signal });
    const output: z.infer<typeof Read> = { guides: [], skills: [], notRead: [] };
    for (const name of [GUIDE, SKILL]) {
      const all = files.filter((path) => path === name || path.endsWith(`/${name}`)).toSorted(byDepth);
      for (const path of all.slice(0, MOST)) await readOne(root, path, output);
      output.notRead.push(...all.slice(MOST).map((path) => ({ path, reason: 'too-many' as const })));
    }
    const count = output.guides.length + output.skills.length;
    return { output, note: { code: 'guides-read', data: { count } } };
  },
});

async function readOne(root: string, path: string, into: z.infer<typeof Read>): Promise<void> {
  const read = await readText(root, path).catch((error: unknown) => {
    if (error instanceof FaultError) return null;
    throw error;
  });
  if (read === null) {
    into.notRead.push({ path, reason: 'unreadable' });
    return;
  }
  if (path.endsWith(GUIDE)) {
    const text = read.text.slice(0, GUIDE_LIMIT);
    into.guides.push({ path, text, left: read.text.length - text.length });
    return;
  }
  const skill = skillIn(read.text);
  if (skill === null) into.notRead.push({ path, reason: 'no-front-matter' });
  else into.skills.push({ path, ...skill });
}

/** Name and purpose out of the YAML between the first two lines of `---`. */
function skillIn(text: string): z.infer<typeof Skill> | null {
  const [, front] = /^---\r?\n([\s\S]{0,20000}?)\r?\n---(?:\r?\n|$)/.exec(text) ?? [];
  if (front === undefined) return null;
  const document = parseDocument(front, { version: '1.2' });
  if (document.errors.length > 0) return null;
  const parsed = Skill.safeParse(document.toJS({ maxAliasCount: 10 }));
  return parsed.success
    ? { name: parsed.data.name, description: parsed.data.description.slice(0, WORDS_LIMIT) }
    : null;
}

function byDepth(one: string, other: string): number {
  return one.split('/').length - other.split('/').length || (one < other ? -1 : 1);
}
