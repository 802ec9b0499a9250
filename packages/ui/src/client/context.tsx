import { QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Client } from './client.ts';

const ClientContext = createContext<Client | null>(null);

/** Stands once above the app. */
export function ClientProvider({
  client,
  children,
}: {
  readonly client: Client;
  readonly children: ReactNode;
}) {
  return (
    <ClientContext value={client}>
      <I18nextProvider i18n={client.translator}>
        <QueryClientProvider client={client.queries}>{children}</QueryClientProvider>
      </I18nextProvider>
    </ClientContext>
  );
}

/** The window's client; throws outside a `ClientProvider`. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('there is no ClientProvider above');
  return client;
}
