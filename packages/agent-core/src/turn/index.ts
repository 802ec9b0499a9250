export { type About, createAskModel, type Remembered } from './ask-model.ts';
