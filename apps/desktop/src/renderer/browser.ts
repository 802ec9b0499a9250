import './jitless.ts';
import './page.css';
import { type FlowDuplex, socketPipe } from '@soma/schemas/contract';
import { browserPlatform, mountApp } from '@soma/ui';

/** Opens a pipe to the host that served this page; the cookie it set lets it in. Rejects when the host is gone. */
function connectBySocket(): Promise<FlowDuplex> {
  const socket = new WebSocket(new URL('pipe', location.href.replace(/^http/, 'ws')));
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socketPipe(socket)), { once: true });
    socket.addEventListener('close', () => reject(new Error('the host closed the connection')), {
      once: true,
    });
  });
}

// The token has let this browser in and is of no more use; a reload comes in by the cookie.
history.replaceState(null, '', location.pathname);

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
void mountApp(root, { connect: connectBySocket, platform: browserPlatform, storage: window.localStorage });
