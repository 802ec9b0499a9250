import type { Tool } from '../../port/index.ts';
import { findFacts } from './find-facts.ts';
import { readDocument } from './read-document.ts';

/** The tools that read what manifests, READMEs and documents state. */
export function createFactsTools(): readonly Tool[] {
  return [findFacts, readDocument];
}
