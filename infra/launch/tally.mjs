// Counting what passed and what did not, whoever ran it.

/** @typedef {{ passed: number, failed: number }} Tally */

/**
 * What one vitest run comes to. A skipped or unwritten test counts as failed: nothing is left out silently. So does a file
 * that could not be loaded, an error outside any test, and a run that left no report.
 * @param {string | undefined} json what vitest's JSON reporter wrote
 * @param {{ code: number, mayBeEmpty?: boolean }} end how vitest ended, and whether a run without a single test is right
 * @returns {Tally & { notes: string[] }}
 */
export function tallyOf(json, { code, mayBeEmpty = false }) {
  if (json === undefined)
    return { passed: 0, failed: 1, notes: [`vitest ended with ${code} and left no report`] };
  const report = JSON.parse(json);
  const notes = [];
  let failed = report.numFailedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) notes.push(`${skipped} skipped, counted as failed`);
  for (const file of report.testResults) {
    if (file.status !== 'failed' || file.assertionResults.some(isFailed)) continue;
    failed += 1;
    notes.push(`${file.name} could not be run`);
  }
  if (code !== 0 && failed + skipped === 0) {
    failed += 1;
    notes.push(
      `every test passed, yet vitest ended with ${code}: an error outside the tests, or a coverage gate`,
    );
  }
  if (report.numTotalTests === 0 && failed === 0 && !mayBeEmpty) {
    failed = 1;
    notes.push('no test was found');
  }
  return { passed: report.numPassedTests, failed: failed + skipped, notes };
}

/** @param {{ status: string }} test */
const isFailed = (test) => test.status === 'failed';

/**
 * @param {readonly Tally[]} tallies
 * @returns {Tally}
 */
export function sum(tallies) {
  return tallies.reduce(
    (total, { passed, failed }) => ({ passed: total.passed + passed, failed: total.failed + failed }),
    { passed: 0, failed: 0 },
  );
}

/**
 * The last line on stdout.
 * @param {Tally} tally
 * @returns {number} exit code
 */
export function closingLine({ passed, failed }) {
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}
