import type { DesktopCalls } from '@soma/schemas/contract';

/** A notification. One tag is shown once at a time. */
export interface Notice {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}

/** What only a desktop can do. A browser has other ways, or none. */
export interface Platform {
  /**
   * The system's own dialog; null where there is none and a path is typed instead. The path is absolute, or null when
   * the person chose none.
   */
  readonly pickFolder: (() => Promise<string | null>) | null;
  /** The same for one file. */
  readonly pickFile: (() => Promise<string | null>) | null;
  /** Opens an address outside the app. The desktop's main process asks the person first. */
  readonly openExternal: (url: string) => void;
  /** Tells a person who looks elsewhere; true once they pressed it. */
  readonly notify: (notice: Notice) => Promise<boolean>;
  /** Whether notifications are shown, or a person must allow them first. */
  readonly notices: () => 'on' | 'ask' | 'off';
  /** Asks the person to allow notifications, from a press of theirs. */
  readonly allowNotices: () => Promise<void>;
  /**
   * Keeps a damaged log of runs aside and begins an empty one; null where only the terminal can. For a person who asked for it, when
   * no backup is good.
   */
  readonly beginAnew: (() => Promise<void>) | null;
  /** Room to leave for the system's window buttons at the start of the top bar, in CSS pixels. */
  readonly buttonsRoom: number;
}

/** Makes the platform of a window from its calls, which are those over the pipe of now. */
export type PlatformOf = (calls: () => DesktopCalls) => Platform;

function openExternal(url: string): void {
  window.open(url, '_blank', 'noopener,noreferrer');
}

/** A browser tab: a folder is named by typing its path, and notifications are the browser's own. */
export const browserPlatform: PlatformOf = () => ({
  pickFolder: null,
  pickFile: null,
  openExternal,
  notify: notifyByBrowser,
  notices: () => {
    if (!('Notification' in window)) return 'off';
    return ({ granted: 'on', default: 'ask', denied: 'off' } as const)[Notification.permission];
  },
  allowNotices: async () => {
    if ('Notification' in window) await Notification.requestPermission();
  },
  beginAnew: null,
  buttonsRoom: 0,
});

async function notifyByBrowser({ tag, title, body }: Notice): Promise<boolean> {
  if (!('Notification' in window) || Notification.permission !== 'granted') return false;
  const notice = new Notification(title, { tag, body });
  return new Promise((resolve) => {
    notice.addEventListener('click', () => {
      window.focus();
      notice.close();
      resolve(true);
    });
    notice.addEventListener('close', () => resolve(false));
    notice.addEventListener('error', () => resolve(false));
  });
}

/** A desktop window. */
export const desktopPlatform: PlatformOf = (calls) => ({
  pickFolder: async () => {
    const answer = await calls().platform.pickFolder({});
    return answer.ok ? answer.path : null;
  },
  pickFile: async () => {
    const answer = await calls().platform.pickFile({});
    return answer.ok ? answer.path : null;
  },
  openExternal,
  notify: async (notice) => {
    // A window that is closing takes its pipe along.
    const answer = await calls()
      .platform.notify(notice)
      .catch(() => null);
    return answer?.ok === true && answer.opened;
  },
  notices: () => 'on',
  allowNotices: async () => undefined,
  beginAnew: async () => {
    await calls().platform.beginAnew({});
  },
  buttonsRoom: 0,
});
