// The `tidy` guard: what the house asks of its files and no linter knows. Ends with 1 when anything is found.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { exported, folders, isScript, openings, ownFiles, sizes, type Workspace } from './house.ts';
import { measure } from './source.ts';

const root = resolve(import.meta.dirname, '..', '..');

const paths = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const workspaces = paths
  .filter((path) => /^(schemas|packages\/[^/]+|apps\/[^/]+)\/package\.json$/.test(path))
  .map((path): Workspace => {
    const manifest: { name: string; exports?: Record<string, string> } = JSON.parse(read(path));
    return { folder: dirname(path), name: manifest.name, exports: manifest.exports ?? {} };
  });

const sources = paths.filter(isScript).map((path) => measure(path, read(path)));
const pages = new Map(
  paths
    .filter((path) => path === 'README.md' || /^docs\/.*\.md$/.test(path))
    .map((path) => [path, read(path)]),
);

const findings = [
  ...sources.flatMap((source) => source.findings),
  ...sizes(sources),
  ...folders(paths),
  ...ownFiles(sources, workspaces),
  ...exported(paths, workspaces),
  ...openings(pages),
];

for (const { path, line, rule, message } of findings) console.log(`${path}:${line} ${rule}: ${message}`);
process.exitCode = findings.length === 0 ? 0 : 1;
