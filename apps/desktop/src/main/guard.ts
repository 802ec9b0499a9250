import { app, type Session, type WebContents } from 'electron';
import { isPage, outsideAddress } from './address.ts';
import { loadPage } from './page-scheme.ts';

/** The one thing a page may ask of the system: to put text on the clipboard. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Denies every permission, device and download to everything that runs in this session. */
export function guardSession(session: Session): void {
  const granted = (contents: WebContents | null, permission: string) =>
    GRANTED.has(permission) && contents !== null && isPage(contents.getURL());
  session.setPermissionRequestHandler((contents, permission, decide) =>
    decide(granted(contents, permission)),
  );
  session.setPermissionCheckHandler((contents, permission) => granted(contents, permission));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/**
 * Keeps every page of this app where it is: no navigation away, no new window, no webview. An address a person clicked is given to
 * `onOutside`, which asks before anything is opened.
 */
export function guardPages(onOutside: (address: URL, from: WebContents) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: { preventDefault(): void; readonly url: string }) => {
      if (!isPage(event.url)) event.preventDefault();
    };
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-frame-navigate', stay);
    // No event comes before this one: an empty page has nothing to ask about, and nothing to stay for.
    contents.on('did-navigate', (_navigated, url) => {
      if (url === 'about:blank') loadPage(contents);
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      const address = outsideAddress(url);
      if (address !== null) onOutside(address, contents);
      return { action: 'deny' };
    });
  });
}
