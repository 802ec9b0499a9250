import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { FaultError } from '@soma/schemas/event';
import { checkedUrl, hostOf, isSameServer } from './url.ts';

/** What may be reached, and how names become addresses. */
export interface Reach {
  readonly mayReach: (address: string) => boolean;
  /** Every IP address of a name; empty or a rejection when there is none. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
}

export interface Asking extends Reach {
  /** Product and version, for the server's log. */
  readonly agent: string;
  readonly signal: AbortSignal;
}

/** What may be told of a page, in the order of liking. */
const ACCEPT = 'text/html, text/plain, text/markdown, application/json;q=0.9';
const MOST_REDIRECTS = 5;
const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/** An answer that is no redirect, its body unread, and the address that gave it. Whoever has it must read or destroy it. */
export interface Answer {
  readonly url: URL;
  readonly response: IncomingMessage;
}

/**
 * Asks for a page and follows redirects within its server, each hop resolved and checked anew. Throws FETCH_URL_REFUSED,
 * FETCH_ADDRESS_REFUSED, FETCH_REDIRECTED for a redirect to another server, and FETCH_FAILED.
 */
export async function ask(first: URL, asking: Asking): Promise<Answer> {
  let url = first;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const response = await send(url, await addressesOf(url, asking), asking);
    const { location } = response.headers;
    if (!REDIRECTS.includes(response.statusCode) || location === undefined) return { url, response };
    response.destroy();
    const next = checkedUrl(location, url.href);
    checkLiteral(next, asking);
    if (!isSameServer(url, next)) {
      throw new FaultError('FETCH_REDIRECTED', { url: next.href, host: next.host });
    }
    url = next;
  }
  throw failed(first, 'redirects');
}

/** A host that is written as an address needs no resolver to be refused. */
export function checkLiteral(url: URL, { mayReach }: Pick<Reach, 'mayReach'>): void {
  const host = hostOf(url);
  if (isIP(host) !== 0 && !mayReach(host)) throw refused(url, host);
}

/** One address that may not be reached spoils all: no honest name has both kinds. */
async function addressesOf(url: URL, { mayReach, resolve }: Reach): Promise<readonly string[]> {
  checkLiteral(url, { mayReach });
  const host = hostOf(url);
  if (isIP(host) !== 0) return [host];
  const addresses = await resolve(host).catch(() => []);
  if (addresses.length === 0) throw failed(url, 'unknown-host');
  const forbidden = addresses.find((address) => !mayReach(address));
  if (forbidden !== undefined) throw refused(url, forbidden);
  return addresses;
}

/** The connection goes to the addresses that were checked: the name is not resolved a second time. */
function send(url: URL, addresses: readonly string[], asking: Asking): Promise<IncomingMessage> {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_host, { all }, answer) => {
    const [first] = pinned;
    if (all === true || first === undefined) answer(null, pinned);
    else answer(null, first.address, first.family);
  };
  const { agent, signal } = asking;
  const headers = { accept: ACCEPT, 'accept-encoding': 'gzip, br', 'user-agent': agent };
  // A connection of its own, closed with the answer, and no proxy of the environment.
  const options = { agent: false, headers, lookup, signal, hostname: hostOf(url), rejectUnauthorized: true };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = request(url, options, resolve);
    sent.on('error', (error) => reject(asFault(error, url)));
    sent.end();
  });
}

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|EACCES|EPERM)$/, 'unreachable'],
  [/CERT|^DEPTH_ZERO|^UNABLE_TO|^HOSTNAME_MISMATCH|^ERR_(TLS|SSL)|^EPROTO$/, 'certificate'],
  [/^HPE_/, 'malformed'],
  [/^(Z_|ERR_?_?BROTLI|ERR__ERROR)/, 'encoding'],
];

/** What a connection or a body died of, as FETCH_FAILED; what is a fault already stays it. */
export function asFault(error: Error, url: URL): FaultError {
  if (error instanceof FaultError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return failed(url, CAUSES.find(([pattern]) => pattern.test(code))?.[1] ?? 'broken-off');
}

export function failed(url: URL, cause: string): FaultError {
  return new FaultError('FETCH_FAILED', { host: url.host, cause });
}

function refused(url: URL, address: string): FaultError {
  return new FaultError('FETCH_ADDRESS_REFUSED', { host: url.host, address });
}
