export * from './answer.ts';
export { callLink } from './call-link.ts';
export * from './client.ts';
export * from './contract.ts';
export * from './duplex.ts';
export * from './flow.ts';
export * from './model.ts';
export * from './pipe.ts';
export * from './platform.ts';
