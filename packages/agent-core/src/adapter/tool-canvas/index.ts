export { createRunBoard, type RunBoard } from './run-board.ts';
export { createCanvasTools } from './tools.ts';
