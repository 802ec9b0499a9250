import type { IncomingMessage, Server } from 'node:http';
import { type FlowDuplex, socketPipe } from '@soma/schemas/contract';
import { WebSocket, WebSocketServer } from 'ws';
import { LARGEST_CALL } from './call-server.ts';

/** An end that answers no ping within this time, in milliseconds, is gone. */
const PING_MS = 20_000;

/** Largest message, in bytes: a call of the largest size in which every character takes four. */
const LARGEST_MESSAGE = 4 * LARGEST_CALL;

export interface SocketDoor {
  /** Whether this request may become a pipe; anything else gets 403. */
  readonly allow: (request: IncomingMessage) => boolean;
  readonly onPipe: (pipe: FlowDuplex) => void;
}

export interface Acceptor {
  /** Closes every pipe that came in here. */
  close(): void;
}

/** Makes pipes of the WebSockets that come in on an HTTP server. */
export function acceptWebSockets(server: Server, door: SocketDoor): Acceptor {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  });
  const alive = new WeakSet<WebSocket>();
  const pulse = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_MS);
  pulse.unref();

  server.on('upgrade', (request, connection, head) => {
    connection.on('error', () => connection.destroy());
    if (!door.allow(request)) {
      connection.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, connection, head, (socket) => {
      alive.add(socket);
      socket.on('pong', () => alive.add(socket));
      socket.on('error', () => socket.terminate());
      door.onPipe(socketPipe(socket));
    });
  });

  return {
    close: () => {
      clearInterval(pulse);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

/** Opens a WebSocket. Rejects when nobody answers there, or the answer is no. */
export function dialWebSocket(url: string, headers: Record<string, string> = {}): Promise<FlowDuplex> {
  const socket = new WebSocket(url, { headers, maxPayload: LARGEST_MESSAGE, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.off('error', reject);
      socket.on('error', () => socket.terminate());
      resolve(socketPipe(socket));
    });
    socket.once('error', reject);
  });
}
