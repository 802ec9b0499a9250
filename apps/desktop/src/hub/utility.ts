import { HubPlace } from './greeting.ts';
import { runHub } from './run-hub.ts';

// The hub as a utility process of the window's app. It is sent its place and its end of the channel, says its first word, and serves.

process.parentPort.once('message', (event) => {
  const [port] = event.ports;
  if (port === undefined) throw new Error('the hub was sent no port');
  const greeting = runHub(
    {
      postMessage: (message) => port.postMessage(message),
      onMessage: (listener) => {
        port.on('message', ({ data }) => listener(data));
        port.start();
      },
      onClose: (listener) => void port.on('close', listener),
    },
    HubPlace.parse(event.data),
  );
  void greeting.then((word) => process.parentPort.postMessage(word));
});
