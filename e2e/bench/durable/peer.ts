import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { cache, environment, root } from '../../../infra/launch/place.mjs';
import { hashOf, unlessDone } from '../../../infra/launch/stamp.mjs';

const SOURCE = join('e2e', 'bench', 'durable', 'peer');
const PLACE = join(cache, 'durable-peer');

const Measured = z.object({
  steps: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  bytes: z.number(),
  synchronous: z.string(),
  checkpoints: z.number(),
});
export type PeerMeasured = z.infer<typeof Measured>;

export interface PeerWork {
  readonly work: 'small' | 'growing' | 'onto';
  readonly inFlight: number;
  readonly runs: number;
  readonly warm: number;
  /** Null for what the peer has by itself. */
  readonly synchronous: 'FULL' | null;
}

/** Installs LangGraph with its SQLite saver outside of the workspace, once for the same sources. */
export async function ensurePeer(): Promise<void> {
  await unlessDone(join(cache, 'durable-peer.json'), { sources: hashOf(root, [SOURCE]) }, async () => {
    await rm(PLACE, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await cp(join(root, SOURCE), PLACE, { recursive: true });
    await npm('ci', '--no-audit', '--no-fund');
  });
}

/** The peer's graph in a process of its own, on a database of its own below `under`. */
export async function peerRuns(under: string, asked: PeerWork): Promise<PeerMeasured> {
  const folder = await mkdtemp(join(under, 'peer-'));
  const given = JSON.stringify({ ...asked, file: join(folder, 'peer.db') });
  const { stdout } = await promisify(execFile)(process.execPath, [join(PLACE, 'graph.js'), given]);
  await rm(folder, { recursive: true, force: true });
  return Measured.parse(JSON.parse(stdout));
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
