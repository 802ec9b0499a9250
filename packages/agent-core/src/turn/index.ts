export { createAskModel } from './ask-model.ts';
