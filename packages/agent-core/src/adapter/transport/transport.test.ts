import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { portPipe } from '@soma/schemas/contract';
import { pipePair } from '../../testing/pipe-pair.ts';
import { transportConformance } from '../../testing/transport-conformance.ts';
import { acceptWebSockets, dialSocketFile, dialWebSocket, listenOnSocketFile } from './index.ts';

transportConformance('a pipe within the process', async (serve) => ({
  open: async () => {
    const [mine, theirs] = pipePair();
    serve(theirs);
    return mine;
  },
  close: async () => undefined,
}));

transportConformance('a message port', async (serve) => {
  const ports: MessageChannel['port1'][] = [];
  return {
    open: async () => {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1);
      serve(portPipe(port2));
      return portPipe(port1);
    },
    close: async () => {
      for (const port of ports) port.close();
    },
  };
});

transportConformance('a WebSocket', async (serve) => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const acceptor = acceptWebSockets(server, { allow: () => true, onPipe: serve });
  return {
    open: () => dialWebSocket(`ws://127.0.0.1:${port}/`),
    close: async () => {
      acceptor.close();
      server.close();
    },
  };
});

transportConformance('a socket file', async (serve, folder) => {
  const path = join(folder, 'host.sock');
  const listener = await listenOnSocketFile(path, serve);
  return { open: () => dialSocketFile(path), close: () => listener.close() };
});
