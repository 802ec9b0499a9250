export * from './content-store-conformance.ts';
export * from './controllable-clock.ts';
export * from './document-store-conformance.ts';
export * from './event-store-conformance.ts';
export * from './kill.ts';
