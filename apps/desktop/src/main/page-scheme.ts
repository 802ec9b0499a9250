import { protocol, type Session, type WebContents } from 'electron';
import { createPageFiles } from '../page/files.ts';

const SCHEME = 'app';

/** Where the window's page comes from: a scheme of our own, so that nothing is ever loaded from `file:`. */
const PAGE_ORIGIN = `${SCHEME}://soma`;
const PAGE_URL = `${PAGE_ORIGIN}/desktop.html`;

/** Must run before Electron is ready. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/** Serves the built page in this session, and lets it reach nothing else. `root` is the folder of the built renderer. */
export function servePage(session: Session, root: string): void {
  const read = createPageFiles(root, { connect: [] });
  session.protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    const { status, headers, body } = await read(url.host === 'soma' ? url.pathname : '');
    return new Response(body, { status, headers });
  });
  session.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !/^(app:\/\/soma\/|blob:app:\/\/soma\/|data:|devtools:)/.test(details.url) });
  });
}

/** Loads the page of ours. That a load was cut off by the next one, or by the window's end, is no failure. */
export function loadPage(contents: WebContents): void {
  void contents.loadURL(PAGE_URL).catch(() => undefined);
}

/** Whether this address is the page of ours. */
export function isPage(url: string): boolean {
  return url === PAGE_URL || url.startsWith(`${PAGE_URL}#`) || url.startsWith(`${PAGE_URL}?`);
}
