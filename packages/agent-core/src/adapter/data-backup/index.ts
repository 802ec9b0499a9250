export * from './backup.ts';
export * from './list.ts';
export * from './restore.ts';
