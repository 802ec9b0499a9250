export type { Authorisation, Authorized } from './authorized.ts';
export * from './permit.ts';
