export { type AskModelParts, createAskModel } from './ask-model.ts';
