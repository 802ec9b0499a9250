import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { firstFonts } from './build/first-fonts.ts';
import { commandRunner, findWorker, sourceTools, tableWorker } from './build/grammars.ts';

/** Set by the launcher on the stand-in Electron only: the SQLite driver that was built for it. */
const driver = process.env.SOMA_STAND_IN_DRIVER;
const source = (path: string) => resolve(import.meta.dirname, 'src', path);
const tools = sourceTools(import.meta.dirname);

export default defineConfig({
  main: {
    plugins: [tools.grammars()],
    build: {
      rollupOptions: {
        // The wasm parser's loader has an eval for code that no grammar of ours carries.
        checks: { eval: false },
        input: {
          index: source('main/index.ts'),
          hub: source('hub/utility.ts'),
          model: source('model/utility.ts'),
          'source-worker': tools.worker,
          'find-worker': findWorker(import.meta.dirname),
          'table-worker': tableWorker(import.meta.dirname),
          'backup-worker': source('backup/worker.ts'),
          'command-runner': commandRunner(import.meta.dirname),
        },
        output: {
          paths: driver === undefined ? {} : { 'better-sqlite3': driver },
          // Less to read before the window can open; names stay, for the stacks of the fault log.
          minify: { compress: false, mangle: false, codegen: true },
        },
      },
    },
  },
  preload: {
    build: {
      rollupOptions: {
        input: { index: source('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    plugins: [react(), tailwindcss(), firstFonts()],
    build: {
      // Less to read and compile before the first paint.
      minify: true,
      chunkSizeWarningLimit: 4000,
      rollupOptions: {
        input: { desktop: source('renderer/desktop.html'), browser: source('renderer/browser.html') },
      },
    },
  },
});
