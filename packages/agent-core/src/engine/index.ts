export * from './engine.ts';
export type * from './parts.ts';
export { openRun, type RunLog, readRun, readRunAfter } from './read-run.ts';
export { plannedTask } from './revise.ts';
export { SEGMENT_EVENTS } from './segment.ts';
export { Turns } from './turns.ts';
export type { CommandMeta } from './writer.ts';
