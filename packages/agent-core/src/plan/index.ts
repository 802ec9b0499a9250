export * from './build.ts';
export type { Evaluated } from './expression.ts';
export * from './load.ts';
export * from './match.ts';
export * from './meaning.ts';
export { sources as packagedPlanSources } from './packaged/embedded.ts';
export * from './plan-text.ts';
export { templateOf } from './template.ts';
