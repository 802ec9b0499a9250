export * from './canonical.ts';
export * from './ledger.ts';
export * from './schema.ts';
