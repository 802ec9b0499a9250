export * from './consumer.ts';
export * from './queue.ts';
export * from './reconcile.ts';
export * from './relay.ts';
