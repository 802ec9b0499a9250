import { implement } from '@orpc/server';
import type { Report } from '@soma/agent-core/adapter/transport';
import { createCallServer } from '@soma/agent-core/adapter/transport';
import type { LocalHost } from '../composition/local-host.ts';
import { serveContract } from './contract.ts';
import { openWeb, type Web } from './web.ts';

/** The app for browsers beside a host: its listener opens when the first address is asked for. */
export interface Browsers {
  /** A new address that lets one browser in, once. */
  address(): Promise<string>;
  /** Browser tabs that are connected. */
  readonly clients: () => number;
  close(): Promise<void>;
}

export interface BrowsersOptions {
  readonly local: () => LocalHost;
  readonly page: string;
  readonly refusal: string;
  readonly report: Report;
}

export function createBrowsers({ local, page, refusal, report }: BrowsersOptions): Browsers {
  let opening: Promise<Web> | null = null;
  let clients = 0;
  const open = async () => {
    const { host, frames } = local();
    const calls = createCallServer(host.router, report);
    return openWeb({
      page,
      refusal,
      onPipe: (pipe) => {
        clients += 1;
        pipe.onClose(() => (clients -= 1));
        calls.connect(pipe, { scope: host.scope() });
        frames(pipe);
      },
    });
  };
  return {
    address: async () => {
      opening ??= open();
      return (await opening).address();
    },
    clients: () => clients,
    close: async () => (await opening)?.close(),
  };
}

/** What a headless host answers on its socket file beside the contract. */
export function createServeRouter(browsers: Browsers) {
  const os = implement(serveContract);
  return os.router({
    serve: { address: os.serve.address.handler(async () => ({ ok: true, url: await browsers.address() })) },
  });
}
