import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const agentCore = resolve(import.meta.dirname, '..', '..', '..', 'packages', 'agent-core');
const tools = join(agentCore, 'src', 'adapter', 'tool-source');

/** Where the source tools' worker starts. */
export const sourceWorker = join(tools, 'worker.ts');

/** Puts the parser's wasm files into `out/grammars`, beside every bundle that starts the source tools' worker. */
export function grammars(): Plugin {
  return {
    name: 'soma-grammars',
    apply: 'build',
    closeBundle() {
      const require = createRequire(join(agentCore, 'package.json'));
      const target = resolve(import.meta.dirname, '..', 'out', 'grammars');
      mkdirSync(target, { recursive: true });
      const runtime = join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm');
      copyFileSync(runtime, join(target, 'web-tree-sitter.wasm'));
      const table = JSON.parse(readFileSync(join(tools, 'languages.json'), 'utf8')) as { grammar: string }[];
      const folder = dirname(require.resolve('@vscode/tree-sitter-wasm'));
      for (const name of new Set(table.map(({ grammar }) => `tree-sitter-${grammar}.wasm`))) {
        copyFileSync(join(folder, name), join(target, name));
      }
    },
  };
}
