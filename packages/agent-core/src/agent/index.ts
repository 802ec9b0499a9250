export * from './load.ts';
export { sources as packagedAgentSources } from './packaged/embedded.ts';
