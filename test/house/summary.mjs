// Prints the last line of .ci/run from vitest's JSON reports, and fails when anything did. Runs on the machine's own
// Node. Words: failed checks, then for each run of vitest its report and the status with which it ended.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [failedChecks = '0', ...runs] = process.argv.slice(2);
let [passed, failed] = [0, 0];
const failures = [];
while (runs.length > 0) {
  const [path = '', status = '0'] = runs.splice(0, 2);
  const found = read(path);
  // An error outside every test, or a worker that died: vitest failed though each test it reports passed.
  const isBroken = found.failed === 0 && status !== '0';
  if (isBroken) process.stdout.write(`The test runner ended with ${status}; its errors stand above.\n`);
  passed += found.passed;
  failed += found.failed + (isBroken ? 1 : 0);
  failures.push(...found.failures);
}
// Once more at the end: what went wrong stands thousands of lines up.
for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
if (failedChecks !== '0') process.stdout.write('The checks of the house failed; see BROKEN above.\n');
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 || failedChecks !== '0' ? 1 : 0;

function read(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const tests = report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map((test) => described(name, test)),
    );
    // A file that could not be loaded has no failed test of its own.
    const files = report.testResults
      .filter(
        ({ status, assertionResults }) =>
          status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
      )
      .map(({ name, message }) => `${relative('.', name)}\n${indented(message)}`);
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + files.length,
      failures: [...tests, ...files],
    };
  } catch {
    process.stdout.write('The tests left no report: they did not run to their end.\n');
    return { passed: 0, failed: 1, failures: [] };
  }
}

function described(file, { fullName, failureMessages }) {
  return `${relative('.', file)}: ${fullName}\n${indented(failureMessages.join('\n'))}`;
}

/** The first lines of a message, which say what was expected and where. */
function indented(message) {
  return message
    .split('\n')
    .slice(0, 12)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
}
