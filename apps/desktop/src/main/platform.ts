import { implement } from '@orpc/server';
import { platformContract } from '@soma/schemas/contract';
import { type BrowserWindow, dialog, Notification, shell } from 'electron';
import type { i18n } from 'i18next';

/** The window that calls. */
export interface WindowContext {
  readonly window: BrowserWindow;
}

/** What only a desktop can do for the window that calls. */
export function createPlatformRouter(
  translator: i18n,
  { beginAnew }: { readonly beginAnew: () => Promise<unknown> },
) {
  const os = implement(platformContract).$context<WindowContext>();
  const notices = createNotices();
  return os.router({
    platform: {
      pickFolder: os.platform.pickFolder.handler(async ({ context }) => {
        const { canceled, filePaths } = await dialog.showOpenDialog(context.window, {
          title: translator.t('desktop.pickFolder.title'),
          buttonLabel: translator.t('desktop.pickFolder.button'),
          properties: ['openDirectory', 'createDirectory'],
        });
        return { ok: true, path: canceled ? null : (filePaths[0] ?? null) };
      }),
      pickFile: os.platform.pickFile.handler(async ({ context }) => {
        const { canceled, filePaths } = await dialog.showOpenDialog(context.window, {
          title: translator.t('desktop.pickFile.title'),
          buttonLabel: translator.t('desktop.pickFile.button'),
          properties: ['openFile'],
        });
        return { ok: true, path: canceled ? null : (filePaths[0] ?? null) };
      }),
      notify: os.platform.notify.handler(async ({ input, context }) => ({
        ok: true,
        opened: await notices.show(input, context.window),
      })),
      beginAnew: os.platform.beginAnew.handler(async () => {
        await beginAnew();
        return { ok: true };
      }),
    },
  });
}

interface Notice {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}

/** The system's notifications. Those on show are held here: one that nothing holds is collected, and its press is lost. */
function createNotices() {
  const shown = new Map<string, Notification>();
  return {
    /** Whether it was pressed. At once no where one of this tag is on show already, or the system has none: then the window calls. */
    show: ({ tag, title, body }: Notice, window: BrowserWindow): Promise<boolean> => {
      if (shown.has(tag)) return Promise.resolve(false);
      if (!Notification.isSupported()) {
        window.once('focus', () => window.flashFrame(false));
        window.flashFrame(true);
        return Promise.resolve(false);
      }
      const notice = new Notification({ title, body });
      shown.set(tag, notice);
      return new Promise((resolve) => {
        const end = (opened: boolean) => {
          shown.delete(tag);
          resolve(opened);
        };
        notice.once('click', () => {
          if (!window.isDestroyed()) bringForward(window);
          end(true);
        });
        notice.once('close', () => end(false));
        notice.once('failed', () => end(false));
        window.once('closed', () => {
          notice.close();
          end(false);
        });
        notice.show();
      });
    },
  };
}

function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Opens an address outside once a person has seen it whole and said yes. */
export async function openOutside(address: URL, window: BrowserWindow, translator: i18n): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: translator.t('desktop.openOutside.question', { host: address.host || address.pathname }),
    detail: address.href,
    buttons: [translator.t('desktop.openOutside.open'), translator.t('desktop.openOutside.stay')],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) await shell.openExternal(address.href);
}
