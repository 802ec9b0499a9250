import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { commandRunner, findWorker, sourceTools, tableWorker } from './build/grammars.ts';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);
const tools = sourceTools(import.meta.dirname);

/** What Node 24 runs outside the window: `serve` and its hub, and the terminal. Only what is native stays outside: the SQLite driver and the runtime for models. */
export default defineConfig({
  plugins: [tools.grammars()],
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'out/node',
    emptyOutDir: true,
    minify: false,
    rollupOptions: {
      // The wasm parser's loader has an eval for code that no grammar of ours carries.
      checks: { eval: false },
      input: {
        serve: source('serve/index.ts'),
        hub: source('hub/worker.ts'),
        model: source('model/child.ts'),
        'source-worker': tools.worker,
        'find-worker': findWorker(import.meta.dirname),
        'table-worker': tableWorker(import.meta.dirname),
        'backup-worker': source('backup/worker.ts'),
        'command-runner': commandRunner(import.meta.dirname),
        terminal: source('terminal/index.ts'),
      },
      external: ['better-sqlite3', 'node-llama-cpp', ...builtinModules, /^node:/],
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external: ['better-sqlite3', 'node-llama-cpp'] },
});
