export * from './agent-folder.ts';
