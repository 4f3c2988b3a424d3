import { MillraceError } from '#shared/errors';
import type { HouseCheck } from './check.ts';

/**
 * Every rule, all of them even when one is broken: a page that cannot be read breaks more than one.
 *
 * @param tell is given each line of the report
 * @returns how many are broken
 */
export async function runChecks(
  checks: readonly HouseCheck[],
  tell: (line: string) => void,
): Promise<number> {
  let broken = 0;
  for (const { name, run } of checks) {
    const before = performance.now();
    const problems = await run().catch(said);
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    tell(`${problems.length === 0 ? 'ok    ' : 'BROKEN'}  ${name} (${seconds} s)`);
    for (const problem of problems) tell(`        ${problem}`);
    if (problems.length > 0) broken += 1;
  }
  tell(`${checks.length - broken} of ${checks.length} checks hold`);
  return broken;
}

/** What is no word of ours is a fault of the check itself. */
function said(error: unknown): readonly string[] {
  if (error instanceof MillraceError) return error.message.split('\n');
  throw error;
}
