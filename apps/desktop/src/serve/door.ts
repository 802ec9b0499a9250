import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const COOKIE_NAME = 'soma';

/** Who comes in: `first` shows a token for the first time and is given the cookie, `known` has it. */
export type Admission = 'first' | 'known' | 'refused';

/**
 * Lets one person's browser in. Each address carries a token that works once, on the first GET of a page; in its place the browser
 * gets a cookie, which this host process alone knows. Nothing is written down.
 */
export interface Door {
  /** A new address with a token of its own. */
  address(): string;
  /** Decides about a request for a page or one of its files. */
  admit(request: IncomingMessage): Admission;
  /** Decides about a WebSocket: the cookie, and a page of ours as its origin. */
  admitSocket(request: IncomingMessage): boolean;
  /** Value of the `Set-Cookie` header for whoever comes `first`. */
  readonly cookie: string;
}

/** `origin` is the listener's own, such as `http://127.0.0.1:40000`. */
export function createDoor(origin: string): Door {
  const { host, port } = new URL(origin);
  const tokens = new Set<string>();
  const secret = randomBytes(32).toString('base64url');
  // Browsers keep cookies by host name, whatever the port.
  const name = `${COOKIE_NAME}-${port}`;

  const hasCookie = (request: IncomingMessage) =>
    cookiesOf(request).some(([key, value]) => key === name && same(value, secret));
  // A name that resolves to this address must not make a foreign page one of ours.
  const meantForUs = (request: IncomingMessage) => request.headers.host === host;

  return {
    address: () => {
      const token = randomBytes(32).toString('base64url');
      tokens.add(token);
      return `${origin}/?token=${token}`;
    },
    admit: (request) => {
      if (!meantForUs(request)) return 'refused';
      if (hasCookie(request)) return 'known';
      const asked = addressOf(request);
      if (request.method !== 'GET' || asked?.pathname !== '/') return 'refused';
      return tokens.delete(asked.searchParams.get('token') ?? '') ? 'first' : 'refused';
    },
    admitSocket: (request) => meantForUs(request) && request.headers.origin === origin && hasCookie(request),
    cookie: `${name}=${secret}; Path=/; HttpOnly; SameSite=Strict`,
  };
}

/** What was asked for, as an address; null when it is none. */
export function addressOf(request: IncomingMessage): URL | null {
  const url = request.url ?? '/';
  return URL.canParse(url, 'http://127.0.0.1') ? new URL(url, 'http://127.0.0.1') : null;
}

function cookiesOf(request: IncomingMessage): [string, string][] {
  return (request.headers.cookie ?? '').split(';').map((pair) => {
    const cut = pair.indexOf('=');
    return [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()];
  });
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
