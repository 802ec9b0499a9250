export * from './engine.ts';
export type * from './parts.ts';
export { readRun, runStream } from './read-run.ts';
export type { CommandMeta } from './writer.ts';
