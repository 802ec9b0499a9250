import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { acceptWebSockets } from '@soma/agent-core/adapter/transport';
import type { FlowDuplex } from '@soma/schemas/contract';
import { createPageFiles } from '../page/files.ts';
import { addressOf, createDoor, type Door } from './door.ts';

/** The app for a browser on this machine. */
export interface Web {
  /** An address that lets one browser in, once. */
  address(): string;
  close(): Promise<void>;
}

export interface WebOptions {
  /** Folder of the built renderer. */
  readonly page: string;
  /** What someone reads who comes with a used or a wrong address. */
  readonly refusal: string;
  readonly onPipe: (pipe: FlowDuplex) => void;
}

/** Serves the page and its pipe on a loopback address. */
export async function openWeb({ page, refusal, onPipe }: WebOptions): Promise<Web> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 16 * 1024 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const door = createDoor(origin);
  const read = createPageFiles(page, { connect: [`ws://127.0.0.1:${port}`] });
  server.on('request', (request, response) => void answer({ request, response, door, read, refusal }));
  const sockets = acceptWebSockets(server, {
    allow: (request) => request.url === '/pipe' && door.admitSocket(request),
    onPipe,
  });
  return {
    address: () => door.address(),
    close: async () => {
      sockets.close();
      await closed(server);
    },
  };
}

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly door: Door;
  readonly read: ReturnType<typeof createPageFiles>;
  readonly refusal: string;
}

async function answer({ request, response, door, read, refusal }: Asked): Promise<void> {
  const admission = door.admit(request);
  if (admission === 'refused') {
    const { headers } = await read('');
    response.writeHead(403, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(refusal);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const pathname = addressOf(request)?.pathname ?? '';
  const { status, headers, body } = await read(pathname === '/' ? '/browser.html' : pathname);
  const cookie = admission === 'first' ? { 'set-cookie': door.cookie } : {};
  response.writeHead(status, { ...headers, ...cookie, 'content-length': body?.byteLength ?? 0 });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
