import { createCallServer, faultOf, type Report } from '@soma/agent-core/adapter/transport';
import type { FlowDuplex } from '@soma/schemas/contract';
import type { Scope } from '@soma/schemas/event';
import type { BrowserWindow } from 'electron';
import type { i18n } from 'i18next';
import type { LocalHost, WhenLost } from '../composition/local-host.ts';
import { createPlatformRouter, type WindowContext } from './platform.ts';

/** The host of this app's windows. */
export interface Desktop {
  /** Serves a window's pipe once the host is open; when it cannot be opened, the window learns why. */
  serve(pipe: FlowDuplex, window: BrowserWindow): void;
  /** Pauses what is at work and lets the data folder go. */
  close(): Promise<void>;
}

export interface DesktopOptions {
  readonly openHost: (whenLost: WhenLost) => Promise<LocalHost>;
  readonly translator: i18n;
  readonly report: Report;
}

interface Calling extends WindowContext {
  readonly scope: Scope;
}

/** Opens the host at once. After a failure each further load of a window tries again, and a person may ask to begin anew. */
export function createDesktop({ openHost, translator, report }: DesktopOptions): Desktop {
  let opening: Promise<LocalHost> | null = null;
  const opened = (whenLost: WhenLost = 'refuse') => {
    opening ??= openHost(whenLost).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  const platform = createPlatformRouter(translator, { beginAnew: () => opened('begin-anew') });
  void opened().catch(() => undefined);

  async function connect(pipe: FlowDuplex, window: BrowserWindow): Promise<void> {
    try {
      const local = await opened();
      const scope = local.host.scope();
      createCallServer<Calling>({ ...local.host.router, ...platform }, report).connect(pipe, {
        scope,
        window,
      });
      local.frames(pipe);
    } catch (error) {
      const refusal = faultOf(error, ['open'], report);
      createCallServer<WindowContext>(platform, report, refusal).connect(pipe, { window });
    }
  }

  return {
    serve: (pipe, window) => void connect(pipe, window),
    close: async () => {
      const local = await opening?.catch(() => null);
      await local?.close('closing');
    },
  };
}
