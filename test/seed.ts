import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

let announced: string | undefined;

/**
 * What random-looking tests are drawn from: the hash of the commit, so that no input is special and a failure can be
 * repeated with MILLRACE_TEST_SEED. Outside git a fixed word.
 */
export function testSeed(): string {
  if (announced !== undefined) return announced;
  announced = process.env['MILLRACE_TEST_SEED'] ?? commitHash() ?? 'millrace';
  process.stdout.write(`MILLRACE_TEST_SEED=${announced}\n`);
  return announced;
}

function commitHash(): string | undefined {
  try {
    const answer = execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** An endless row of whole numbers below 2^32, the same for the same seed. */
export function* numbersFrom(seed: string): Generator<number, never> {
  for (let block = 0; ; block += 1) {
    const bytes = createHash('sha256').update(`${seed} ${block}`).digest();
    for (let at = 0; at < bytes.length; at += 4) yield bytes.readUInt32LE(at);
  }
}
