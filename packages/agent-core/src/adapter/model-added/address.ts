import { FaultError } from '@soma/schemas/event';

/**
 * An address as it is kept. Only http and https, and without a name, a password or a query in it: keys have a place of their own. Throws
 * INVALID_INPUT.
 */
export function plainAddress(address: string): string {
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null;
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === '';
  if (!isPlain || url.search + url.hash !== '') throw new FaultError('INVALID_INPUT', { field: 'address' });
  return url.href.replace(/\/+$/, '');
}

export function isLoopback(address: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(new URL(address).hostname);
}
