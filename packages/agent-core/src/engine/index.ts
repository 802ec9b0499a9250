export * from './engine.ts';
export type * from './parts.ts';
export type { CommandMeta } from './writer.ts';
export { runStream } from './writer.ts';
