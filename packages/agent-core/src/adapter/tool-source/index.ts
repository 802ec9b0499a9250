import type { Tool } from '../../port/index.ts';
import { mapImports } from './map-imports.ts';
import { outlineFiles } from './outline-files.ts';
import { createAnalyserPool, type SourceAssets, sourceAssets } from './pool.ts';
import { createStudies } from './study.ts';

export { type SourceAssets, sourceAssets } from './pool.ts';

/** The tools that read source by tree-sitter, in a worker thread. A bundle says where the worker and the wasm files lie. */
export function createSourceTools(assets: SourceAssets = sourceAssets()): readonly Tool[] {
  const study = createStudies(createAnalyserPool(assets));
  return [outlineFiles(study), mapImports(study)];
}
