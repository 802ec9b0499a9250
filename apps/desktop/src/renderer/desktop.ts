import './jitless.ts';
import './page.css';
import { type FlowDuplex, portPipe } from '@soma/schemas/contract';
import { desktopPlatform, mountApp } from '@soma/ui';

/** Asks the preload for this load's one message port. A second call gets a new port and ends the first one. */
function connectByPort(): Promise<FlowDuplex> {
  return new Promise((resolve) => {
    const take = (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== 'soma:port' || port === undefined) return;
      window.removeEventListener('message', take);
      resolve(portPipe(port));
    };
    window.addEventListener('message', take);
    window.postMessage('soma:connect', location.origin);
  });
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
void mountApp(root, { connect: connectByPort, platform: desktopPlatform, storage: window.localStorage });
