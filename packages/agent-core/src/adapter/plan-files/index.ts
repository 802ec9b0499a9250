export * from './plan-folder.ts';
