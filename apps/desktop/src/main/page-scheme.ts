import { protocol, type Session, type WebContents } from 'electron';
import { createPageFiles } from '../page/files.ts';
import { PAGE_HOST, PAGE_SCHEME, PAGE_URL } from './address.ts';

/** Must run before Electron is ready. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: PAGE_SCHEME, privileges }]);
}

/** Serves the built page in this session, and lets it reach nothing else. `root` is the folder of the built renderer. */
export function servePage(session: Session, root: string): void {
  const read = createPageFiles(root, { connect: [] });
  session.protocol.handle(PAGE_SCHEME, async (request) => {
    const url = new URL(request.url);
    const { status, headers, body } = await read(url.host === PAGE_HOST ? url.pathname : '');
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
