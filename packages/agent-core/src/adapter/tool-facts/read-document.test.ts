import { createRequire } from 'node:module';
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
    folder = sampleFolder({ 'a.docx': await docx('Hello from Word') });
    expect(await outputOf(readDocument, { path: 'a.docx' }, aToolContext(folder.path))).toMatchObject({
      pages: null,
      text: 'Hello from Word\n\n',
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

/** The smallest Word file, zipped by the library that mammoth itself reads with. */
async function docx(text: string): Promise<Uint8Array> {
  const require = createRequire(createRequire(import.meta.url).resolve('mammoth'));
  const loaded: unknown = require('jszip');
  if (!isZip(loaded)) throw new Error('the library is expected to be a class');
  const zip = new loaded();
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const package_ = 'http://schemas.openxmlformats.org/package/2006';
  zip.file(
    '[Content_Types].xml',
    `${head}<Types xmlns="${package_}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
  );
  zip.file(
    '_rels/.rels',
    `${head}<Relationships xmlns="${package_}/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
  );
  zip.file(
    'word/document.xml',
    `${head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`,
  );
  return zip.generateAsync({ type: 'uint8array' });
}

interface Zip {
  file(name: string, content: string): void;
  generateAsync(options: { type: 'uint8array' }): Promise<Uint8Array>;
}

function isZip(loaded: unknown): loaded is new () => Zip {
  return typeof loaded === 'function';
}
