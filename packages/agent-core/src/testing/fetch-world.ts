import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createRawServer, type Server as RawServer, type Socket } from 'node:net';
import type { CallPreview } from '@soma/schemas/event';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { createFetchTools } from '../adapter/tool-fetch/index.ts';
import type { Tool, ToolContext } from '../port/index.ts';
import { aScope } from './local-store.ts';

export type FetchOptions = Omit<Parameters<typeof createFetchTools>[0], 'version'>;

const opened: (Server | RawServer)[] = [];
const sockets: Socket[] = [];

/** A real server on loopback; answers its port. */
export async function listening(server: Server | RawServer): Promise<number> {
  opened.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export const serve = (answer: RequestListener) => listening(createServer(answer));

/** A server that speaks no HTTP of its own: the test writes the bytes. */
export const serveRaw = (answer: (socket: Socket) => void) =>
  listening(
    createRawServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      answer(socket);
    }),
  );

/** Ends every server of a test, whatever still hangs on it. */
export async function closeServers(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of opened.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

export function contextOf(
  preview: CallPreview | null = null,
  { signal } = new AbortController(),
): ToolContext {
  const ids = { run: 'r1', task: 't', call: 'c', folder: '/', canvas: 'board', key: 'k' };
  const silent = { progress: () => undefined, model: null, say: () => undefined };
  return { scope: aScope(), ...ids, preview, signal, ...silent };
}

export function toolOf(options: FetchOptions): Tool {
  const [tool] = createFetchTools({ version: '1.2.3', ...options });
  if (tool === undefined) throw new Error('no tool');
  return tool;
}

/** The tests' own servers are on loopback; nothing else may be reached. */
export const LOOPBACK: FetchOptions = {
  mayReach: (address) => address === '127.0.0.1',
  resolve: async () => ['127.0.0.1'],
};

export async function fetchIt(url: string, options: FetchOptions = LOOPBACK) {
  const tool = toolOf(options);
  const done = await tool.call({ url }, contextOf());
  if (done.ok) {
    const ajv = new Ajv2020({ strict: false });
    if (!ajv.validate(Object(tool.describe().outputSchema), done.output)) throw new Error(ajv.errorsText());
  }
  return done;
}

/** What tests look into of an output; all of it stands there. */
const Page = z.looseObject({ text: z.string(), cut: z.boolean(), bytes: z.number() });

export const outputOf = async (url: string, options?: FetchOptions) => {
  const done = await fetchIt(url, options);
  if (!done.ok) throw new Error(`${done.fault.code} ${JSON.stringify(done.fault.data)}`);
  return Page.parse(done.output);
};

export const faultOf = async (url: string, options?: FetchOptions) => {
  const done = await fetchIt(url, options);
  return done.ok ? null : done.fault;
};

/** One page, whatever is asked for. */
export const page =
  (
    body: string | Uint8Array,
    type = 'text/html; charset=utf-8',
    more: Record<string, string> = {},
  ): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': type, ...more }).end(body);
  };
