import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

if (Number.parseInt(process.versions.node, 10) < 24) {
  throw new Error('Scenarios need Node 24: npm test brings it.');
}

const long = 'e2e/**/*.long.test.ts';
/** Files that play scenarios, of which some places are left to npm run test:all. */
const played = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => /^\s*play\('/m.test(readFileSync(join(import.meta.dirname, name), 'utf8')))
  .map((name) => `e2e/${name}`);

// Scenarios open windows and measure time, so they run one at a time. npm test runs `window`, npm run test:all `long` too.
export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '..'),
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A process that starts is waited for on a busy machine too.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'window',
          include: ['e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**', long],
          provide: { scenarioPlaces: 'places' },
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: [long, ...played],
          testTimeout: 600_000,
          provide: { scenarioPlaces: 'long' },
        },
      },
    ],
  },
});
