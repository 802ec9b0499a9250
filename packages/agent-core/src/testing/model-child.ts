import { serveModel } from '../adapter/model-local/serve-model.ts';

// The model process of tests: a real process that can really be killed.

process.once('disconnect', () => process.exit(0));
serveModel({
  postMessage: (message) => void process.send?.(message, undefined, undefined, () => undefined),
  onMessage: (listener) => void process.on('message', listener),
});
