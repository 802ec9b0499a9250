import { join } from 'node:path';
import type { SourceAssets } from '@soma/agent-core/adapter/tool-source';

/** The source tools' worker and wasm files as the build lays them out: `bundle` is the absolute path of the folder of the bundle. */
export function bundledAssets(bundle: string): SourceAssets {
  const grammars = join(bundle, '..', 'grammars');
  return {
    worker: join(bundle, 'source-worker.js'),
    grammars,
    runtime: join(grammars, 'web-tree-sitter.wasm'),
  };
}

/** The file of the thread that searches folders. */
export function bundledFinder(bundle: string): string {
  return join(bundle, 'find-worker.js');
}

/** The file of the thread that reads tables. */
export function bundledTableReader(bundle: string): string {
  return join(bundle, 'table-worker.js');
}

/** The file of the thread that makes backups. */
export function bundledBackup(bundle: string): string {
  return join(bundle, 'backup-worker.js');
}

/** The file of the process that runs commands. */
export function bundledRunner(bundle: string): string {
  return join(bundle, 'command-runner.js');
}
