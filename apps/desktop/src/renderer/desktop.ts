import './jitless.ts';
import './page.css';
import { type FlowDuplex, portPipe } from '@soma/schemas/contract';
import { desktopPlatform, mountApp } from '@soma/ui';

/** So long, in milliseconds, a port is waited for before it is asked for again: one that was lost would leave the window empty. */
const ASK_AGAIN_MS = 5000;

/** Asks the preload for this load's one message port. A second call gets a new port and ends the first one. */
function connectByPort(): Promise<FlowDuplex> {
  return new Promise((resolve) => {
    const ask = () => window.postMessage('soma:connect', location.origin);
    const take = (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== 'soma:port' || port === undefined) return;
      window.removeEventListener('message', take);
      clearInterval(again);
      resolve(portPipe(port));
    };
    window.addEventListener('message', take);
    const again = setInterval(ask, ASK_AGAIN_MS);
    ask();
  });
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
void mountApp(root, { connect: connectByPort, platform: desktopPlatform, storage: window.localStorage });
