import { serveModel } from '@soma/agent-core/adapter/model-local/process';

// The model process as a child of `serve`. It does not outlive its host.

process.once('disconnect', () => process.exit(0));
serveModel({
  postMessage: (message) => void process.send?.(message, undefined, undefined, () => undefined),
  onMessage: (listener) => void process.on('message', listener),
});
