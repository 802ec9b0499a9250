import { FaultError } from '@soma/schemas/event';
import { z } from 'zod';
import { openInside, readingTool, resolveFolder } from '../tool-folder/index.ts';

/** Largest document, in bytes, that is opened, and most of its text, in UTF-16 units, that is kept. */
const SIZE_LIMIT = 32 * 1024 * 1024;
const TEXT_LIMIT = 1_000_000;

export const readDocument = readingTool({
  name: 'read_document',
  description: 'Extracts the text of a PDF or Word document inside the folder.',
  input: z.object({ path: z.string().min(1).max(4096) }),
  output: z.object({
    path: z.string(),
    pages: z.number().int().nullable(),
    text: z.string(),
    truncated: z.boolean(),
  }),
  timeoutMs: 60_000,
  outputLimitBytes: 8 * 1024 * 1024,
  work: async ({ path }, { folder }) => {
    const bytes = await bytesOf(await resolveFolder(folder), path);
    const { text, pages } = await textOf(path, bytes);
    const kept = text.slice(0, TEXT_LIMIT);
    const output = { path, pages, text: kept, truncated: kept.length < text.length };
    return { output, note: { code: 'document-read', data: { path, characters: kept.length } } };
  },
});

async function bytesOf(root: string, path: string): Promise<Buffer> {
  const { handle, stats } = await openInside(root, path);
  try {
    if (stats.size > SIZE_LIMIT)
      throw new FaultError('FILE_TOO_LARGE', { path, size: stats.size, limit: SIZE_LIMIT });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function textOf(path: string, bytes: Buffer): Promise<{ text: string; pages: number | null }> {
  try {
    // Both libraries are large, and most folders have no such document.
    if (path.toLowerCase().endsWith('.docx')) {
      const { default: mammoth } = await import('mammoth');
      return { text: (await mammoth.extractRawText({ buffer: bytes })).value, pages: null };
    }
    const { extractText, getDocumentProxy } = await import('unpdf');
    const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    const { text, totalPages } = await extractText(document, { mergePages: true });
    return { text, pages: totalPages };
  } catch {
    throw new FaultError('FILE_UNREADABLE', { path, cause: 'not-a-document' });
  }
}
