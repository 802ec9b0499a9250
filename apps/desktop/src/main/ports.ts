import { type FlowDuplex, portPipe } from '@soma/schemas/contract';
import { BrowserWindow, ipcMain, MessageChannelMain, type WebContents } from 'electron';
import { isPage } from './address.ts';

/**
 * Gives each load of our page a fresh port when it asks, and nobody else: the asking frame must be the main frame of one of our
 * windows and show our page. The port ends with the load.
 */
export function handPorts(onPipe: (pipe: FlowDuplex, window: BrowserWindow) => void): void {
  const open = new WeakMap<WebContents, FlowDuplex>();
  ipcMain.on('soma:connect', (event) => {
    const { sender, senderFrame: frame } = event;
    const window = BrowserWindow.fromWebContents(sender);
    if (window === null || frame === null || frame !== sender.mainFrame || !isPage(frame.url)) return;
    if (!open.has(sender)) endWithLoad(sender, () => open.get(sender)?.close());
    open.get(sender)?.close();
    const { port1, port2 } = new MessageChannelMain();
    const pipe = portPipe(port1);
    open.set(sender, pipe);
    frame.postMessage('soma:port', null, [port2]);
    onPipe(pipe, window);
  });
}

function endWithLoad(contents: WebContents, end: () => void): void {
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) end();
  });
  contents.on('render-process-gone', end);
  contents.on('destroyed', end);
}
