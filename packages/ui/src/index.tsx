import { createTranslator } from '@soma/schemas/message';
import { createRoot, type Root } from 'react-dom/client';
import { type Client, type ClientOptions, ClientProvider, firstNews, openClient } from './client/index.ts';
import { DesignRoot } from './design/index.ts';
import { WaitingNotices } from './feature/approval/index.ts';
import { Overlays } from './feature/palette/index.ts';
import { useChosenTheme } from './feature/settings/index.ts';
import { Shell } from './feature/shell/index.ts';
import { NoHost, Starting } from './feature/shell/no-host.tsx';

export type { Client, ClientOptions } from './client/index.ts';
export { browserPlatform, desktopPlatform, type Notice, type Platform, type PlatformOf } from './platform.ts';

/** How long, in milliseconds, the window waits to be told what there is before it shows itself without. */
const NEWS_MS = 200;
/** After so many milliseconds without an answer of the host it is said that it is still starting. */
const PATIENCE_MS = 2500;

/** The whole app over an open client. */
export function App({ client }: { readonly client: Client }) {
  return (
    <ClientProvider client={client}>
      <DesignRoot dir="ltr">
        <Themed />
        <Shell />
        <Overlays />
        <WaitingNotices />
      </DesignRoot>
    </ClientProvider>
  );
}

function Themed() {
  useChosenTheme();
  return null;
}

/**
 * Reaches the host over `connect` and shows the app in the element; says so when that takes long, and why when the host cannot be reached or
 * speaks another protocol. Answers the client, or null in that case.
 */
export async function mountApp(element: HTMLElement, options: ClientOptions): Promise<Client | null> {
  const root = createRoot(element);
  const end = showStarting(root);
  const opened = await openClient(options).finally(end);
  if (!opened.ok) {
    const again = () => {
      root.unmount();
      void mountApp(element, options);
    };
    const { fault, translator, beginAnew } = opened;
    root.render(<NoHost {...{ fault, translator, beginAnew }} onAgain={again} />);
    return null;
  }
  // Shown whole, and not first without what stands in it.
  await firstNews(opened.client.workspace, NEWS_MS);
  root.render(<App client={opened.client} />);
  return opened.client;
}

/** Says after a while that the host is still starting, until the function that it answers is called. */
function showStarting(root: Root): () => void {
  const over = new AbortController();
  const timer = setTimeout(() => {
    void createTranslator().then((translator) => {
      if (!over.signal.aborted) root.render(<Starting translator={translator} />);
    });
  }, PATIENCE_MS);
  return () => {
    clearTimeout(timer);
    over.abort();
  };
}
