import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

if (Number.parseInt(process.versions.node, 10) < 24) {
  throw new Error('Tests need Node 24: put node_modules/.bin first on PATH, or use npm test.');
}

const left = ['**/node_modules/**', '**/out/**', 'e2e/**'];
const long = '**/*.long.test.ts';

// Three projects: `node` (*.test.ts), `browser` (*.test.tsx, each in a real Chromium; packages/ui says how), and `long`
// (*.long.test.ts, only in npm run test:all). Scenarios in e2e have their own configuration.
export default defineConfig({
  test: {
    // Much of it waits for other processes, so two go on at once also where there are two cores.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'node',
          include: ['**/*.test.ts'],
          exclude: [...left, long],
          environment: 'node',
          // Against what hangs; how long things take is the benches' to say.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'long',
          include: [long],
          exclude: left,
          environment: 'node',
          testTimeout: 600_000,
          hookTimeout: 300_000,
        },
      },
      ...(existsSync('packages/ui/vitest.config.ts') ? ['packages/ui/vitest.config.ts'] : []),
    ],
    coverage: {
      provider: 'v8',
      include: ['schemas/src/**/*.{ts,tsx}', 'packages/*/src/**/*.{ts,tsx}', 'apps/*/src/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', '**/testing/**', '**/*.d.ts'],
      reportsDirectory: 'coverage',
      reporter: ['json-summary', 'text-summary'],
      reportOnFailure: true,
      // The gates of the house, in lines; .ci/run measures them over units, properties, conformance and components.
      thresholds: {
        lines: 85,
        'schemas/src/**': { lines: 90 },
        'packages/agent-core/src/**': { lines: 90 },
      },
    },
  },
});
