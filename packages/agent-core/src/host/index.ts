export * from './host.ts';
export type * from './parts.ts';
export type { HostRouter } from './router.ts';
