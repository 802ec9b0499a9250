import { implement } from '@orpc/server';
import { platformContract } from '@soma/schemas/contract';
import { type BrowserWindow, dialog, shell } from 'electron';
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
      beginAnew: os.platform.beginAnew.handler(async () => {
        await beginAnew();
        return { ok: true };
      }),
    },
  });
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
