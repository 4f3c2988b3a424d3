import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace summary '));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const FILES = ['a.test.ts', 'b.test.ts'];

const PASSED = {
  status: 'passed',
  assertionResults: [{ status: 'passed', fullName: 'adds', failureMessages: [] }],
};
const FAILED = {
  status: 'failed',
  assertionResults: [{ status: 'failed', fullName: 'takes away', failureMessages: ['expected 1 to be 2'] }],
};
const UNREADABLE = { status: 'failed', assertionResults: [], message: 'SyntaxError: a word too many' };

test.for([
  { name: 'all passed', files: [PASSED], words: ['0'], exit: 0, said: ['1 passed, 0 failed'] },
  {
    name: 'one failed',
    files: [PASSED, FAILED],
    words: ['0'],
    ended: 1,
    exit: 1,
    said: ['FAILED b.test.ts: takes away', '    expected 1 to be 2', '1 passed, 1 failed'],
  },
  {
    name: 'a file could not be read',
    files: [PASSED, UNREADABLE],
    words: ['0'],
    ended: 1,
    exit: 1,
    said: ['FAILED b.test.ts', '    SyntaxError: a word too many', '1 passed, 1 failed'],
  },
  {
    name: 'a check failed',
    files: [PASSED],
    words: ['1'],
    exit: 1,
    said: ['The checks of the house failed; see BROKEN above.', '1 passed, 0 failed'],
  },
])('the summary says what failed: $name', async ({ files, words, ended = 0, exit, said }) => {
  const report = join(folder, 'report.json');
  await writeFile(report, JSON.stringify(reportOf(files)));
  expect(await summary([...words, report, String(ended)])).toEqual({ exit, lines: said });
});

test('a run that left no report failed', async () => {
  expect(await summary(['0', '/nowhere/report.json', '1'])).toEqual({
    exit: 1,
    lines: ['The tests left no report: they did not run to their end.', '0 passed, 1 failed'],
  });
});

interface TestFile {
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

/** The report of one run, in the shape of vitest's JSON reporter. */
function reportOf(files: readonly TestFile[]) {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  return {
    numPassedTests: tests.filter(({ status }) => status === 'passed').length,
    numFailedTests: tests.filter(({ status }) => status === 'failed').length,
    testResults: files.map((file, index) => ({ ...file, name: resolve(FILES[index] ?? '') })),
  };
}

function summary(words: readonly string[]): Promise<{ exit: number; lines: string[] }> {
  return new Promise((settle) => {
    execFile(process.execPath, ['test/house/summary.mjs', ...words], (error, out) => {
      settle({ exit: error === null ? 0 : Number(error.code), lines: out.trimEnd().split('\n') });
    });
  });
}
