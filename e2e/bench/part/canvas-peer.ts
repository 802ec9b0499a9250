import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { cache, environment, root } from '../../../infra/launch/place.mjs';
import { hashOf, unlessDone } from '../../../infra/launch/stamp.mjs';

const SOURCE = join('e2e', 'bench', 'peer');
const PLACE = join(cache, 'canvas-peer');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Installs and builds the plain React Flow page outside of the workspace, once for the same sources. */
export async function ensurePeer(): Promise<void> {
  const inputs = { sources: hashOf(root, [SOURCE]) };
  await unlessDone(join(cache, 'canvas-peer.json'), inputs, async () => {
    await rm(PLACE, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await cp(join(root, SOURCE), PLACE, { recursive: true });
    await npm('ci', '--no-audit', '--no-fund');
    await npm('run', 'build');
  });
}

/** What npm says goes to stderr: stdout is the bench's answer. */
function npm(...args: string[]): Promise<void> {
  const child = spawn('npm', args, {
    cwd: PLACE,
    env: environment({ npm_config_loglevel: 'error' }),
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args[0]} in ${SOURCE} ended with ${code}`)),
    );
  });
}

/** Serves the built page to this machine alone. */
export async function servePeer(): Promise<{ address: string; close: () => void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname === '/' ? '/index.html' : pathname;
    readFile(join(PLACE, 'dist', name)).then(
      (bytes) => response.setHeader('content-type', TYPES[extname(name)] ?? 'text/plain').end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
