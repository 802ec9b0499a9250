import { serveModel } from '@soma/agent-core/adapter/model-local/process';

// The model process as a utility process of the window's app.

serveModel({
  postMessage: (message) => process.parentPort.postMessage(message),
  onMessage: (listener) => void process.parentPort.on('message', ({ data }) => listener(data)),
});
