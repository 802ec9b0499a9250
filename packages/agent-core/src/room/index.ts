export * from './connect-hub.ts';
export * from './hub.ts';
export * from './serve-hub.ts';
export type { HubPort } from './wire.ts';
