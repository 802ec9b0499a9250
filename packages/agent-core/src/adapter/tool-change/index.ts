export { createChangeTools } from './tools.ts';
