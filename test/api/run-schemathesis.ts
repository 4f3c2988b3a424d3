import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonPackage } from '../aws/servers/python-package.ts';

const VERSION = '4.32.5';
const LIMIT_MS = 840_000;

/** Python 3.11 breaks off where two threads parse Python at once (python/cpython#106905), which Hypothesis does. */
const WORKERS = 1;

/** What its report says of one kind of failure. */
interface Failure {
  readonly code: string;
  readonly title: string;
  readonly operations: readonly string[];
}

export interface Tried {
  readonly cases: number;
  /** `GET /users`: what was found. */
  readonly failures: ReadonlyMap<string, readonly string[]>;
  /** All that it printed: each failure with how to have it again. */
  readonly output: string;
}

/**
 * Tries every operation of the document at `url`: each field left out, too long, of another type, at its bounds.
 *
 * @throws Error where it did not come to an end
 */
export async function runSchemathesis(request: {
  url: string;
  token: string;
  seed: number;
  scratch: string;
}): Promise<Tried> {
  const { url, token, seed, scratch } = request;
  const packages = await pythonPackage({ python: 'python3', name: 'schemathesis', version: VERSION });
  const report = join(scratch, 'report.json');
  const program = spawn(
    'python3',
    [
      ...['-m', 'schemathesis.cli', '--config-file', join(import.meta.dirname, 'schemathesis.toml')],
      ...['run', `${url}/openapi.json`, '--header', `Authorization: Bearer ${token}`],
      ...['--phases', 'examples,coverage', '--seed', String(seed), '--workers', String(WORKERS)],
      ...['--suppress-health-check', 'all', '--warnings', 'off'],
      ...['--continue-on-failure', '--no-color', '--report', 'json', '--report-json-path', report],
    ],
    {
      cwd: scratch,
      env: {
        ...{ PATH: process.env.PATH, HOME: scratch, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' },
        SCHEMATHESIS_HOOKS: join(import.meta.dirname, 'hooks.py'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    },
  );
  let output = '';
  for (const stream of [program.stdout, program.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const [status] = (await once(program, 'close')) as [number | null];
  const text = await readFile(report, 'utf8').catch(() => '');
  const found = text === '' ? undefined : (JSON.parse(text) as Report);
  if (found?.complete !== true || found.errors.length > 0)
    throw new Error(`schemathesis ended with ${status}.\n${output.slice(-4_000)}`);
  const failures = new Map<string, string[]>();
  for (const { code, title, operations } of found.failures)
    for (const operation of operations)
      failures.set(operation, [...(failures.get(operation) ?? []), `${code} ${title}`]);
  return { cases: found.test_cases.generated, failures, output };
}

interface Report {
  readonly complete: boolean;
  readonly errors: readonly unknown[];
  readonly failures: readonly Failure[];
  readonly test_cases: { readonly generated: number };
}
