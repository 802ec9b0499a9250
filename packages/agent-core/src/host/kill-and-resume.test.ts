import { describe, expect, it } from 'vitest';
import { killAndResume, RUN_FAILPOINTS } from '../testing/run-kill-scenario.ts';

/**
 * Every boundary stands in kill-and-resume.long.test.ts; here one of each kind, spread over the run. The fourth update of the board is the
 * caption, written when the run has ended.
 */
const HITS: Readonly<Record<string, number>> = {
  ...{ 'ledger.commit.before': 4, 'ledger.commit.written': 12, 'ledger.commit.after': 20 },
  ...{ 'documents.append.before': 2, 'documents.append.after': 4 },
};

describe('a run whose process is killed', () => {
  for (const name of RUN_FAILPOINTS) {
    it(`resumes to the same end, each fact and each card once, when killed at ${name}`, {
      timeout: 60_000,
    }, async () => {
      expect(await killAndResume(name, HITS[name] ?? 1)).toBe(true);
    });
  }
});
