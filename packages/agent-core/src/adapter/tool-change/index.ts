export { fileRestorer } from './restore.ts';
export { createChangeTools } from './tools.ts';
