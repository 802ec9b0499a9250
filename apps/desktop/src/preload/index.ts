import { ipcRenderer } from 'electron';

/**
 * Passes one message port from the main process to the page, each time the page asks for one, and nothing else. Main decides who
 * gets it; the page's own origin is the only one that hears of it.
 */
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'soma:connect') ipcRenderer.send('soma:connect');
});
ipcRenderer.on('soma:port', (event) => window.postMessage('soma:port', location.origin, event.ports));
