import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

/** The source tools, as a bundle needs them: where their worker starts, and how their wasm files come to lie in `out/grammars`. */
export interface SourceTools {
  readonly worker: string;
  readonly grammars: () => Plugin;
}

/** Where the thread that searches folders starts. `desktop` is the absolute path of this app's folder. */
export function findWorker(desktop: string): string {
  return resolve(desktop, '..', '..', 'packages', 'agent-core', 'src', 'adapter', 'tool-find', 'worker.ts');
}

/** Where the thread that reads tables starts. `desktop` is the absolute path of this app's folder. */
export function tableWorker(desktop: string): string {
  return resolve(desktop, '..', '..', 'packages', 'agent-core', 'src', 'adapter', 'tool-table', 'worker.ts');
}

/** Where the process that runs commands starts. `desktop` is the absolute path of this app's folder. */
export function commandRunner(desktop: string): string {
  return resolve(
    desktop,
    '..',
    '..',
    'packages',
    'agent-core',
    'src',
    'adapter',
    'tool-command',
    'runner.ts',
  );
}

/** `desktop` is the absolute path of this app's folder. */
export function sourceTools(desktop: string): SourceTools {
  const agentCore = resolve(desktop, '..', '..', 'packages', 'agent-core');
  const tools = join(agentCore, 'src', 'adapter', 'tool-source');
  const copy = () => {
    const require = createRequire(join(agentCore, 'package.json'));
    const target = join(desktop, 'out', 'grammars');
    mkdirSync(target, { recursive: true });
    const runtime = join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm');
    copyFileSync(runtime, join(target, 'web-tree-sitter.wasm'));
    const table = JSON.parse(readFileSync(join(tools, 'languages.json'), 'utf8')) as { grammar: string }[];
    const folder = dirname(require.resolve('@vscode/tree-sitter-wasm'));
    for (const name of new Set(table.map(({ grammar }) => `tree-sitter-${grammar}.wasm`))) {
      copyFileSync(join(folder, name), join(target, name));
    }
  };
  return {
    worker: join(tools, 'worker.ts'),
    grammars: () => ({ name: 'soma-grammars', apply: 'build', closeBundle: copy }),
  };
}
