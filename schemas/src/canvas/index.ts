export * from './apply.ts';
export * from './awareness.ts';
export * from './client.ts';
export {
  byOrder,
  edgesOf,
  foreignOf,
  nodesOf,
  noteText,
  readCanvas,
  readEdge,
  readNode,
  readPlaces,
} from './document.ts';
export { ownNotePrefix } from './fold.ts';
export * from './frame.ts';
export { fromJsonCanvas } from './from-json-canvas.ts';
export * from './mutation.ts';
export * from './node.ts';
export * from './observe.ts';
export type * from './open-canvas.ts';
export * from './place.ts';
export * from './run-frame.ts';
export { type JsonCanvas, toJsonCanvas } from './to-json-canvas.ts';
export type * from './watched.ts';
