// `npm run check`: every guard of the house, each one line of result; all run even when one fails.
import { availableParallelism } from 'node:os';
import { environment, root } from './place.mjs';
import { ensureInstalled, preparing } from './prepare.mjs';
import { run, say } from './process.mjs';
import { closingLine } from './tally.mjs';

/** @typedef {{ name: string, command: readonly [string, ...string[]] }} Guard */

/** Every TypeScript program of the house: one a runtime. */
export const programs = [
  'schemas/tsconfig.pure.json',
  'schemas/tsconfig.json',
  'packages/agent-core/tsconfig.pure.json',
  'packages/agent-core/tsconfig.json',
  'packages/ui/tsconfig.json',
  'apps/desktop/tsconfig.json',
  'apps/desktop/tsconfig.oldest.json',
  'apps/desktop/src/preload/tsconfig.json',
  'apps/desktop/src/renderer/tsconfig.json',
  'e2e/tsconfig.json',
  'tsconfig.json',
];

/**
 * @param {string} program
 * @returns {Guard}
 */
function typesOf(program) {
  return { name: `types of ${program}`, command: ['tsc', '--noEmit', '-p', program] };
}

/** @type {readonly Guard[]} the slow ones first, so that two lanes end together */
export const guards = [
  {
    name: 'layers (dependency-cruiser)',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      'schemas',
      'packages',
      'apps',
      'e2e',
      'infra',
    ],
  },
  { name: 'unused code (knip)', command: ['knip', '--no-progress'] },
  { name: 'type-aware lint (oxlint)', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  {
    name: 'format and lint (Biome)',
    command: ['biome', 'check', '--error-on-warnings', '--diagnostic-level=warn', '.'],
  },
  { name: 'tidy (sizes, names, environment, exports, docs)', command: ['node', 'infra/tidy/tidy.ts'] },
  { name: 'schemas/json is what schemas/src emits', command: ['node', 'schemas/emit.ts', '--check'] },
  ...programs.map((program) => typesOf(program)),
];

/**
 * Runs every guard, two at a time on two cores.
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runGuards() {
  const waiting = [...guards];
  const tally = { passed: 0, failed: 0 };
  const lane = async () => {
    for (let guard = waiting.shift(); guard !== undefined; guard = waiting.shift()) {
      const began = performance.now();
      const { code, lines } = await run(guard.command, { cwd: root, env: environment({ NO_COLOR: '1' }) });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(`${code === 0 ? 'ok    ' : 'FAILED'} ${guard.name} (${seconds} s)`);
      if (code !== 0) for (const line of lines.slice(0, 60)) say(`  | ${line}`);
      if (lines.length > 60 && code !== 0)
        say(`  | ... ${lines.length - 60} lines more: ${guard.command.join(' ')}`);
      tally[code === 0 ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  return tally;
}

/** @returns {Promise<number>} exit code */
export async function check() {
  await preparing(ensureInstalled);
  return closingLine(await runGuards());
}
