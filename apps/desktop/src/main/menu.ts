import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import type { i18n } from 'i18next';

export interface MenuActions {
  readonly newWindow: () => void;
}

/**
 * The application's menu. What the page itself does on a key (palette, undo of the board) stays with the page: the menu shows the
 * same key and, when clicked, presses it there, so that there is one way to do it.
 */
export function setMenu(translator: i18n, { newWindow }: MenuActions): void {
  const text = (key: string) => translator.t(`desktop.menu.${key}`);
  const press = (key: string, accelerator: string): MenuItemConstructorOptions => ({
    id: key,
    label: text(key),
    accelerator,
    registerAccelerator: false,
    click: (_item, window) => {
      if (window !== undefined) pressKey(window as BrowserWindow, accelerator);
    },
  });
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: text('file'),
      submenu: [
        { id: 'newWindow', label: text('newWindow'), accelerator: 'CmdOrCtrl+Shift+N', click: newWindow },
        { type: 'separator' },
        { label: text('closeWindow'), role: 'close' },
        ...(process.platform === 'darwin' ? [] : [{ label: text('quit'), role: 'quit' } as const]),
      ],
    },
    {
      label: text('edit'),
      submenu: [
        press('undo', 'CmdOrCtrl+Z'),
        press('redo', 'CmdOrCtrl+Shift+Z'),
        { type: 'separator' },
        { label: text('cut'), role: 'cut' },
        { label: text('copy'), role: 'copy' },
        { label: text('paste'), role: 'paste' },
        { label: text('selectAll'), role: 'selectAll' },
      ],
    },
    {
      label: text('view'),
      submenu: [
        press('palette', 'CmdOrCtrl+K'),
        { type: 'separator' },
        { label: text('reload'), role: 'reload' },
        { label: text('fullScreen'), role: 'togglefullscreen' },
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function pressKey(window: BrowserWindow, accelerator: string): void {
  const parts = accelerator.split('+');
  const keyCode = parts.at(-1) ?? '';
  const modifiers = parts.slice(0, -1).map((part) => {
    if (part !== 'CmdOrCtrl') return 'shift' as const;
    return process.platform === 'darwin' ? ('meta' as const) : ('control' as const);
  });
  window.webContents.sendInputEvent({ type: 'keyDown', keyCode, modifiers });
  window.webContents.sendInputEvent({ type: 'keyUp', keyCode, modifiers });
}
