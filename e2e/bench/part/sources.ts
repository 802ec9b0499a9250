import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes a folder of `count` source files in two languages, about sixty lines each, which import one another. */
export async function writeSources(root: string, count: number): Promise<void> {
  const files = Array.from({ length: count }, (_, index) => index);
  for (let from = 0; from < count; from += 200) {
    await Promise.all(files.slice(from, from + 200).map((index) => writeSource(root, index)));
  }
  await writeFile(
    join(root, 'package.json'),
    `{\n  "name": "many-files",\n  "version": "1.0.0",\n  "main": "src/0/file0.js"\n}\n`,
  );
  await writeFile(
    join(root, 'README.md'),
    `# Many files\n\nA folder made to measure with, of ${count} files.\n`,
  );
}

async function writeSource(root: string, index: number): Promise<void> {
  const isPython = index % 4 === 3;
  const path = join(root, 'src', String(index % 50), `file${index}.${isPython ? 'py' : 'js'}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, isPython ? pythonOf(index) : javascriptOf(index));
}

function javascriptOf(index: number): string {
  const imports = [1, 7, 50].map((step) => index - step).filter((other) => other >= 0 && other % 4 !== 3);
  const head = imports.map((other) => `import { first${other} } from '../${other % 50}/file${other}.js';`);
  const body = Array.from(
    { length: 12 },
    (_, n) =>
      `export function ${n === 0 ? 'first' : `part${n}_`}${index}(value) {\n  const doubled = value * ${n + 2};\n  return doubled > 10 ? doubled : value;\n}\n`,
  );
  return `${[...head, '', ...body].join('\n')}\n`;
}

function pythonOf(index: number): string {
  const head = index >= 4 ? [`import file${index - 4}`] : [];
  const body = Array.from(
    { length: 14 },
    (_, n) =>
      `def part${n}_${index}(value):\n    doubled = value * ${n + 2}\n    return doubled if doubled > 10 else value\n\n`,
  );
  return `${[...head, 'import os', '', ...body].join('\n')}\n`;
}
