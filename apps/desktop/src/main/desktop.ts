import { createCallServer, faultOf, type Report, refuseCalls } from '@soma/agent-core/adapter/transport';
import type { FlowDuplex } from '@soma/schemas/contract';
import type { Scope } from '@soma/schemas/event';
import type { BrowserWindow } from 'electron';
import type { i18n } from 'i18next';
import type { LocalHost } from '../composition/local-host.ts';
import { createPlatformRouter } from './platform.ts';

/** The host of this app's windows. */
export interface Desktop {
  /** Serves a window's pipe once the host is open; when it cannot be opened, the window learns why. */
  serve(pipe: FlowDuplex, window: BrowserWindow): void;
  /** Pauses what is at work and lets the data folder go. */
  close(): Promise<void>;
}

export interface DesktopOptions {
  readonly openHost: () => Promise<LocalHost>;
  readonly translator: i18n;
  readonly report: Report;
}

/** Opens the host at once. After a failure each further load of a window tries again. */
export function createDesktop({ openHost, translator, report }: DesktopOptions): Desktop {
  const open = async () => {
    const local = await openHost();
    const router = { ...local.host.router, ...createPlatformRouter(translator) };
    return { local, calls: createCallServer<{ scope: Scope; window: BrowserWindow }>(router, report) };
  };
  let opening: ReturnType<typeof open> | null = null;
  const opened = () => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  void opened().catch(() => undefined);

  async function connect(pipe: FlowDuplex, window: BrowserWindow): Promise<void> {
    try {
      const { local, calls } = await opened();
      calls.connect(pipe, { scope: local.host.scope(), window });
      local.frames(pipe);
    } catch (error) {
      refuseCalls(pipe, faultOf(error, ['open'], report));
    }
  }

  return {
    serve: (pipe, window) => void connect(pipe, window),
    close: async () => {
      const done = await opening?.catch(() => null);
      await done?.local.close('closing');
    },
  };
}
