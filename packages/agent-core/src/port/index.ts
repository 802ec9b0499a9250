export type * from './content-store.ts';
export type * from './document-store.ts';
export type * from './event-store.ts';
export type * from './hub.ts';
export type * from './policy.ts';
export type * from './read-model.ts';
export type * from './system.ts';
export type * from './tool.ts';
