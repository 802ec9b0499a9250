import { type FlowDuplex, portPipe } from '@soma/schemas/contract';

/** Asks the preload for this load's one message port. A second call gets a new port and ends the first one. */
export function connectByPort(): Promise<FlowDuplex> {
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
