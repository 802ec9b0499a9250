export * from './content-files.ts';
