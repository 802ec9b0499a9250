import { type FlowDuplex, socketPipe } from '@soma/schemas/contract';

/** Opens a pipe to the host that served this page; the cookie it set lets it in. Rejects when the host is gone. */
export function connectBySocket(): Promise<FlowDuplex> {
  const socket = new WebSocket(new URL('pipe', location.href.replace(/^http/, 'ws')));
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socketPipe(socket)), { once: true });
    socket.addEventListener('close', () => reject(new Error('the host closed the connection')), {
      once: true,
    });
  });
}
