// Prints the last line of .ci/run from vitest's JSON reports, and fails when anything did. Runs on the machine's own
// Node. Words: failed checks, then for each run of vitest its report and the status with which it ended.
import { readFileSync } from 'node:fs';

const [failedChecks = '0', ...runs] = process.argv.slice(2);
let [passed, failed] = [0, 0];
while (runs.length > 0) {
  const [path = '', status = '0'] = runs.splice(0, 2);
  const found = read(path);
  // An error outside every test, or a worker that died: vitest failed though each test it reports passed.
  const isBroken = found.failed === 0 && status !== '0';
  if (isBroken) process.stdout.write(`The test runner ended with ${status}; its errors stand above.\n`);
  passed += found.passed;
  failed += found.failed + (isBroken ? 1 : 0);
}
if (failedChecks !== '0') process.stdout.write('The checks of the house failed; see BROKEN above.\n');
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 || failedChecks !== '0' ? 1 : 0;

function read(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    // A file that could not be loaded has no failed test of its own.
    const broken = report.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
    ).length;
    return { passed: report.numPassedTests, failed: report.numFailedTests + broken };
  } catch {
    process.stdout.write('The tests left no report: they did not run to their end.\n');
    return { passed: 0, failed: 1 };
  }
}
