// `npm run bench -- NAME` and `npm run screenshots`: scripts of e2e on the built product, on a display of their own where
// there is none. A bench's answer, JSON, is the only thing on stdout.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withDisplay } from './display.mjs';
import { cache, environment, node24, root } from './place.mjs';
import {
  ensureInstalled,
  ensureNodeBuild,
  ensureWindowBuild,
  ensureWindowRuntime,
  preparing,
} from './prepare.mjs';
import { handOver, run, SetUpFailure, say, step } from './process.mjs';
import { hashOf, unlessDone } from './stamp.mjs';
import { ensureParts, testParts } from './system-parts.mjs';

const folder = join(root, 'e2e', 'bench');

/**
 * @param {readonly string[]} args the bench's name, then what is its own
 * @returns {Promise<number>} exit code
 */
export async function bench([name = '', ...args]) {
  const script = join(folder, `${name}.ts`);
  if (!/^[a-z][a-z-]*$/.test(name) || !existsSync(script)) {
    say(
      `USE_UNKNOWN_BENCH: there is no bench "${name}"\n  next: npm run bench -- NAME, one of ${benches().join(', ')}`,
    );
    return 2;
  }
  return onTheProduct(script, args);
}

/** @returns {string[]} a bench is a file of e2e/bench whose name is one word; its parts lie in folders */
function benches() {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /^[a-z-]+\.ts$/.test(file))
    .map((file) => file.slice(0, -3));
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
export function screenshots(args) {
  return onTheProduct(join(root, 'e2e', 'screenshots.ts'), args);
}

/**
 * @param {string} script
 * @param {readonly string[]} args
 */
async function onTheProduct(script, args) {
  await preparing(async () => {
    await ensureInstalled();
    await ensureParts(testParts);
    await ensureWindowBuild(await ensureWindowRuntime());
    await ensureNodeBuild();
    await ensurePeers();
  });
  return withDisplay((env) => handOver([node24(), script, ...args], { cwd: root, env: environment(env) }));
}

/** The peers that a bench measures beside us live outside the workspace, with a lockfile of their own. */
async function ensurePeers() {
  if (!existsSync(join(folder, 'package-lock.json'))) return;
  const inputs = { lock: hashOf(root, ['e2e/bench/package.json', 'e2e/bench/package-lock.json']) };
  await unlessDone(join(cache, 'peers.json'), inputs, () =>
    step('installing the peers to measure beside', async (hear) => {
      const { code, lines } = await run(['npm', 'ci', '--no-audit', '--no-fund'], {
        cwd: folder,
        hear,
        env: environment({ npm_config_loglevel: 'error' }),
      });
      if (code === 0) return;
      throw new SetUpFailure({
        code: 'SETUP_PEERS_FAILED',
        cause: `npm ci in e2e/bench ended with ${code}`,
        effect: 'there is nothing to measure beside',
        next: 'look at the lines above; without a connection to the npm registry, connect and try again',
        output: lines.slice(-15),
      });
    }),
  );
}
