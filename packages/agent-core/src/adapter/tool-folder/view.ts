import { basename } from 'node:path';
import type { FileView, FolderView } from '@soma/schemas/contract';
import { type Fault, FaultError } from '@soma/schemas/event';
import { languageOf } from './file-row.ts';
import { fingerprintOf } from './fingerprint.ts';
import { linesOf, readBytes, resolveFolder } from './inside.ts';
import { shownText } from './shown-text.ts';
import { walk } from './walk.ts';

/** Files a first look counts before it says "more". */
const LOOK_LIMIT = 5000;

type Looked<Shape> = ({ readonly ok: true } & Shape) | { readonly ok: false; readonly fault: Fault };

/** Looking into folders for a person, confined like the tools. */
export const folderReader = {
  resolve: (path: string): Promise<Looked<{ path: string; name: string }>> =>
    looked(async () => {
      const real = await resolveFolder(path);
      return { path: real, name: basename(real) || real };
    }),

  describe: (path: string): Promise<Looked<{ view: FolderView }>> =>
    looked(async () => {
      const { files, truncated } = await walk(await resolveFolder(path), {
        limit: LOOK_LIMIT,
        signal: new AbortController().signal,
      });
      const counts = new Map<string, number>();
      for (const file of files) {
        const language = languageOf(file);
        if (language !== null) counts.set(language, (counts.get(language) ?? 0) + 1);
      }
      const languages = [...counts]
        .map(([name, count]) => ({ name, files: count }))
        .sort((a, b) => b.files - a.files);
      return { view: { files: files.length, more: truncated, languages: languages.slice(0, 5) } };
    }),

  fingerprint: fingerprintOf,

  readFile: (folder: string, path: string): Promise<Looked<{ file: FileView }>> =>
    looked(async () => {
      const shown = shownText(await readBytes(await resolveFolder(folder), path), path);
      const lines = linesOf(shown.text).length;
      return { file: { path, ...shown, lines, language: editorLanguage(path), truncated: false } };
    }),
};

/** Monaco's id of a language where it differs from the name in lower case. */
const EDITOR_NAMES: Readonly<Record<string, string>> = {
  'C++': 'cpp',
  'C#': 'csharp',
  Text: 'plaintext',
  reStructuredText: 'restructuredtext',
};

function editorLanguage(path: string): string {
  const name = languageOf(path) ?? 'Text';
  return EDITOR_NAMES[name] ?? name.toLowerCase();
}

async function looked<Shape>(look: () => Promise<Shape>): Promise<Looked<Shape>> {
  try {
    return { ok: true, ...(await look()) };
  } catch (error) {
    if (error instanceof FaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}
