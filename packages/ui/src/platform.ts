import type { DesktopCalls } from '@soma/schemas/contract';

/** What only a desktop can do. A browser has other ways, or none. */
export interface Platform {
  /**
   * The system's own dialog; null where there is none and a path is typed instead. The path is absolute, or null when
   * the person chose none.
   */
  readonly pickFolder: (() => Promise<string | null>) | null;
  /** Opens an address outside the app. The desktop's main process asks the person first. */
  readonly openExternal: (url: string) => void;
  /** Room to leave for the system's window buttons at the start of the top bar, in CSS pixels. */
  readonly buttonsRoom: number;
}

/** Makes the platform of a window from its calls, which are those over the pipe of now. */
export type PlatformOf = (calls: () => DesktopCalls) => Platform;

function openExternal(url: string): void {
  window.open(url, '_blank', 'noopener,noreferrer');
}

/** A browser tab: a folder is named by typing its path. */
export const browserPlatform: PlatformOf = () => ({ pickFolder: null, openExternal, buttonsRoom: 0 });

/** A desktop window. */
export const desktopPlatform: PlatformOf = (calls) => ({
  pickFolder: async () => {
    const answer = await calls().platform.pickFolder({});
    return answer.ok ? answer.path : null;
  },
  openExternal,
  buttonsRoom: 0,
});
