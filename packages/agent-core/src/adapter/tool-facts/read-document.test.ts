import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  aToolContext,
  faultOf,
  outputOf,
  type SampleFolder,
  sampleFolder,
} from '../../testing/sample-folder.ts';
import { readDocument } from './read-document.ts';

let folder: SampleFolder;
afterEach(() => folder.remove());

describe('documents', () => {
  it('give the text of a PDF with its pages', async () => {
    folder = sampleFolder({ 'a.pdf': pdf('Hello from a page') });
    expect(await outputOf(readDocument, { path: 'a.pdf' }, aToolContext(folder.path))).toEqual({
      path: 'a.pdf',
      pages: 1,
      text: 'Hello from a page',
      truncated: false,
    });
  });

  it('give the text of a Word file', async () => {
    folder = sampleFolder({ 'a.docx': wordFile() });
    expect(await outputOf(readDocument, { path: 'a.docx' }, aToolContext(folder.path))).toMatchObject({
      pages: null,
      text: 'Walking on imported air\n\n',
    });
  });

  it('are refused with a code when they are no documents, too large, outside or gone', async () => {
    folder = sampleFolder({ 'a.pdf': 'no pdf', 'b.docx': 'no docx', 'c.txt': 'text\n', 'empty.pdf': '' });
    const context = aToolContext(folder.path);
    for (const path of ['a.pdf', 'b.docx', 'c.txt', 'empty.pdf'])
      expect(await faultOf(readDocument, { path }, context)).toBe('FILE_UNREADABLE');
    expect(await faultOf(readDocument, { path: '../a.pdf' }, context)).toMatch(/PATH_OUTSIDE|FILE_GONE/);
    expect(await faultOf(readDocument, { path: 'gone.pdf' }, context)).toBe('FILE_GONE');
  });
});

/** The smallest PDF with one line of text. */
function pdf(text: string): Uint8Array {
  const stream = `BT /F1 24 Tf 72 720 Td (${text}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `${body}xref\n0 6\n0000000000 65535 f \n${rows}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
  );
}

/** A Word file with one paragraph, as the library that reads them carries it. */
function wordFile(): Uint8Array {
  const manifest = createRequire(import.meta.url).resolve('mammoth/package.json');
  return readFileSync(join(dirname(manifest), 'test/test-data/single-paragraph.docx'));
}
