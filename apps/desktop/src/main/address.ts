/** Where the window's page comes from: a scheme of our own, so that nothing is ever loaded from `file:`. */
export const PAGE_SCHEME = 'app';
export const PAGE_HOST = 'soma';
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/desktop.html`;

/** Kinds of address that may be opened outside, after a person said yes. */
const OUTSIDE: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Whether this address is the page of ours. */
export function isPage(url: string): boolean {
  return url === PAGE_URL || url.startsWith(`${PAGE_URL}#`) || url.startsWith(`${PAGE_URL}?`);
}

/** The address as a person should see it; null for one that is never opened. A name or password in it could pass for the host. */
export function outsideAddress(url: string): URL | null {
  if (!URL.canParse(url)) return null;
  const address = new URL(url);
  if (!OUTSIDE.has(address.protocol) || address.username !== '' || address.password !== '') return null;
  return address;
}
