import type { ReactNode } from 'react';
import { render } from 'vitest-browser-react';
import { type Client, ClientProvider, openClient } from '../client/index.ts';
import { DesignRoot } from '../design/index.ts';
import { browserPlatform, type PlatformOf } from '../platform.ts';
import { type Script, type ScriptedHost, scriptHost } from './scripted-host.ts';
import '../design/style.css';

/** A part of the app on a page, over a scripted host. */
export interface Shown {
  readonly client: Client;
  readonly host: ScriptedHost;
}

/** Renders a part of the app as a window would, once the host has told what it knows; `before` may set what is open. */
export async function show(
  part: ReactNode,
  { platform = browserPlatform, ...script }: Script & { readonly platform?: PlatformOf },
  before?: (client: Client) => void,
): Promise<Shown> {
  const host = scriptHost(script);
  const opened = await openClient({ connect: host.connect, platform, storage: null });
  if (!opened.ok) throw new Error(`the scripted host was refused: ${opened.fault.code}`);
  const { client } = opened;
  await told(client);
  before?.(client);
  await render(
    <ClientProvider client={client}>
      <DesignRoot dir="ltr">{part}</DesignRoot>
    </ClientProvider>,
  );
  return { client, host };
}

function told({ workspace }: Client): Promise<void> {
  return new Promise((resolve) => {
    if (workspace.getState().loaded) return resolve();
    const stop = workspace.subscribe(({ loaded }) => {
      if (!loaded) return;
      stop();
      resolve();
    });
  });
}
