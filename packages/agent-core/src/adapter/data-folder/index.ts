export * from './backup.ts';
export {
  type DatabaseOptions,
  type DatabaseSchema,
  filesAt,
  isDamage,
  type Measure,
  type Migration,
  runMigrations,
  sizeOf,
  versionOf,
} from './connection.ts';
export * from './database.ts';
export * from './durable-file.ts';
export * from './fault.ts';
export type { Mended } from './mend.ts';
export * from './owner.ts';
export { makePrivate } from './private.ts';
export { agreeToReplace, clearStaging, stagingFolder } from './replace.ts';
