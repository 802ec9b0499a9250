import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { FlowDuplex } from '@soma/schemas/contract';
import { FaultError } from '@soma/schemas/event';
import { type Acceptor, acceptWebSockets, dialWebSocket } from './web-socket.ts';

/** Longer paths, in bytes, are cut off by the operating system without a word, at about this length. */
const LONGEST_PATH = 100;

/**
 * Where the host of a data folder listens: inside it or, when that path is too long for a socket, in the run-time folder under
 * a name made of the data folder's real path.
 */
export function socketPath(dataFolder: string, runtimeFolder: string): string {
  const inside = join(dataFolder, 'host.sock');
  if (Buffer.byteLength(inside) <= LONGEST_PATH) return inside;
  const hash = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  return join(runtimeFolder, `soma-${hash}.sock`);
}

/**
 * Listens on a socket file that only this user may open (mode 0600). Whoever holds the data folder may take the path, so a file
 * left there by a killed host is replaced.
 */
export async function listenOnSocketFile(
  path: string,
  onPipe: (pipe: FlowDuplex) => void,
): Promise<{ close(): Promise<void> }> {
  rmSync(path, { force: true });
  const server = createServer((_request, response) => response.writeHead(426).end());
  const acceptor: Acceptor = acceptWebSockets(server, { allow: () => true, onPipe });
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
  });
  // The file appears within this call, so nobody else could open it even for a moment.
  const mask = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(mask);
  }
  await listening;
  chmodSync(path, 0o600);
  return {
    close: async () => {
      acceptor.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      rmSync(path, { force: true });
    },
  };
}

/** Opens a pipe to the host that listens there. Rejects when none does. */
export function dialSocketFile(path: string): Promise<FlowDuplex> {
  return dialWebSocket(`ws+unix:${path}:/`);
}

/** Makes sure of a folder that only this user can enter. Throws FaultError DATA_FOLDER_UNUSABLE when someone else could. */
export function privateFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  const mine = process.getuid === undefined || found.uid === process.getuid();
  if (!found.isDirectory() || !mine || (found.mode & 0o077) !== 0) {
    throw new FaultError('DATA_FOLDER_UNUSABLE', { path, reason: 'NOT_PRIVATE' });
  }
  return path;
}
