import { FaultError } from '@soma/schemas/event';

/** UTF-16 units of an address as it is sent. */
const LONGEST = 8000;

/**
 * The address as it would be requested, without its fragment. Throws FETCH_URL_REFUSED for what is no http or https address, carries
 * a name or a password, or points at a port that belongs to another service of the system.
 */
export function checkedUrl(text: string, base?: string): URL {
  if (!URL.canParse(text, base)) throw refusedFor('no-address');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refusedFor('scheme');
  if (url.username !== '' || url.password !== '') throw refusedFor('credentials');
  const port = Number(url.port);
  if (url.port !== '' && port !== 80 && port !== 443 && port < 1024) throw refusedFor('port');
  url.hash = '';
  if (url.href.length > LONGEST) throw refusedFor('too-long');
  return url;
}

function refusedFor(reason: string): FaultError {
  return new FaultError('FETCH_URL_REFUSED', { reason });
}

/** Whether `to` is answered by the server a person was shown with `from`, and not less safely. */
export function isSameServer(from: URL, to: URL): boolean {
  if (from.hostname !== to.hostname) return false;
  if (from.protocol === to.protocol) return from.port === to.port;
  return to.protocol === 'https:' && from.port === '' && to.port === '';
}

/** The host as it is resolved: a name, or an IP address without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
