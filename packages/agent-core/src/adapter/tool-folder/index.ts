import type { Tool } from '../../port/index.ts';
import { createListFiles } from './list-files.ts';
import { readFile } from './read-file.ts';
import { readGuides } from './read-guides.ts';
import { searchFiles } from './search-files.ts';

export { defineTool, readingTool, unlessAborted } from './define.ts';
export { languageOf, READ_LIMIT } from './file-row.ts';
export { inParallel } from './in-parallel.ts';
export { hashOf, linesOf, openInside, readText, resolveFolder } from './inside.ts';
export { byReason, FILE_LIMIT } from './list-files.ts';
export { folderReader } from './view.ts';
export { type NotRead, type Reason, type Walked, walk } from './walk.ts';

/** The tools that list, read and search the run's folder. */
export function createFolderTools(): readonly Tool[] {
  return [createListFiles(), readFile, readGuides, searchFiles];
}
