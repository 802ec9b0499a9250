export * from './clock.ts';
export * from './hasher.ts';
export * from './ids.ts';
