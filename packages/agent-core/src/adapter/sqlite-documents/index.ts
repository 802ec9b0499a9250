export * from './documents.ts';
export { documentsSchema } from './schema.ts';
