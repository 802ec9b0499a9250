import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { cache, environment, root } from '../../../infra/launch/place.mjs';
import { hashOf, unlessDone } from '../../../infra/launch/stamp.mjs';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

/** Pages that are built outside of the workspace, with packages of their own. */
export interface PagePeer {
  /** Under which it is kept once built. */
  readonly name: string;
  /** The folder of its sources, below the clone's. */
  readonly source: string;
  /** What else goes into its pages. */
  readonly inputs?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Installs and builds its pages, once for the same sources. */
export async function ensurePeer({ name, source, inputs = [], env = {} }: PagePeer): Promise<void> {
  const place = join(cache, name);
  await unlessDone(join(cache, `${name}.json`), { sources: hashOf(root, [source, ...inputs]) }, async () => {
    await rm(place, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await cp(join(root, source), place, { recursive: true });
    await npm({ place, env }, 'ci', '--no-audit', '--no-fund');
    await npm({ place, env }, 'run', 'build');
  });
}

/** What npm says goes to stderr: stdout is the bench's answer. */
function npm(
  { place, env }: { readonly place: string; readonly env: NodeJS.ProcessEnv },
  ...args: string[]
): Promise<void> {
  const child = spawn('npm', args, {
    cwd: place,
    env: environment({ ...env, npm_config_loglevel: 'error' }),
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args[0]} in ${place} ended with ${code}`)),
    );
  });
}

/** Serves the built pages to this machine alone. */
export async function servePeer({ name: peer }: PagePeer): Promise<{ address: string; close: () => void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname === '/' ? '/index.html' : pathname;
    readFile(join(cache, peer, 'dist', name)).then(
      (bytes) => response.setHeader('content-type', TYPES[extname(name)] ?? 'text/plain').end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
