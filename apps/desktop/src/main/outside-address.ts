/** Kinds of address that may be opened outside, after a person said yes. */
const OUTSIDE: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** The address as a person should see it; null for one that is never opened. A name or password in it could pass for the host. */
export function outsideAddress(url: string): URL | null {
  if (!URL.canParse(url)) return null;
  const address = new URL(url);
  if (!OUTSIDE.has(address.protocol) || address.username !== '' || address.password !== '') return null;
  return address;
}
