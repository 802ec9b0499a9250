// `npm run bench -- NAME` and `npm run screenshots`: scripts of e2e on the built product, on a display of their own where
// there is none. A bench's answer, JSON, is the only thing on stdout.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withDisplay } from './display.mjs';
import { environment, node24, root } from './place.mjs';
import {
  ensureInstalled,
  ensureNodeBuild,
  ensureWindowBuild,
  ensureWindowRuntime,
  preparing,
} from './prepare.mjs';
import { handOver, say } from './process.mjs';
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
 * `npm run schemas:smoke`: one real event of every type by the real path, held against the emitted schemas.
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
export async function schemasSmoke(args) {
  await preparing(ensureInstalled);
  const script = join(root, 'packages', 'agent-core', 'src', 'testing', 'smoke-events.ts');
  return handOver([node24(), script, ...args], { cwd: root, env: environment() });
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
  });
  return withDisplay((env) => handOver([node24(), script, ...args], { cwd: root, env: environment(env) }));
}
