export * from './engine.ts';
export type * from './parts.ts';
export { readRun, runStream } from './read-run.ts';
export { Turns } from './turns.ts';
export type { CommandMeta } from './writer.ts';
