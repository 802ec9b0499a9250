import { type ProtocolResponse, protocol, type Session, type WebContents } from 'electron';
import { createPageFiles } from '../page/files.ts';
import { PAGE_HOST, PAGE_SCHEME, PAGE_URL } from './address.ts';

/** Must run before Electron is ready. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: PAGE_SCHEME, privileges }]);
}

/**
 * Serves the built page in this session, and lets it reach nothing else. `root` is the folder of the built renderer; `onScripts` is called
 * each time scripts were asked for and all that was asked for is served.
 */
export function servePage(session: Session, root: string, onScripts: () => void): void {
  const read = createPageFiles(root, { connect: [] });
  let waiting = 0;
  const serve = async (url: URL, answer: (page: ProtocolResponse) => void) => {
    waiting += 1;
    const { status, headers, body } = await read(url.host === PAGE_HOST ? url.pathname : '');
    const [mimeType = ''] = (headers['content-type'] ?? '').split(';');
    answer({ statusCode: status, headers, mimeType, data: Buffer.from(body ?? []) });
    waiting -= 1;
    if (waiting === 0 && url.pathname.endsWith('.js')) setImmediate(onScripts);
  };
  // The whole answer at once: what `handle` answers is passed on in pieces by this thread, which soon has a host to open.
  session.protocol.registerBufferProtocol(PAGE_SCHEME, ({ url }, answer) => void serve(new URL(url), answer));
  session.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !/^(app:\/\/soma\/|blob:app:\/\/soma\/|data:|devtools:)/.test(details.url) });
  });
}

/** Loads the page of ours. That a load was cut off by the next one, or by the window's end, is no failure. */
export function loadPage(contents: WebContents): void {
  void contents.loadURL(PAGE_URL).catch(() => undefined);
}
