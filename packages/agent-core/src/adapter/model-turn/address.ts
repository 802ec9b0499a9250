import { FaultError } from '@soma/schemas/event';

/**
 * Where requests go: only http and https, and without a name or password in it, since keys have a place of their own. Throws INVALID_INPUT.
 */
export function addressOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isPlain || url.hash !== '' || url.search !== '')
    throw new FaultError('INVALID_INPUT', { field: 'address' });
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}
