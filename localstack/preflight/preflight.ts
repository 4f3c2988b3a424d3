import type { Config } from '#shared/config';
import { MillraceError, Permanent } from '#shared/errors';
import type { Check, Finding } from './check.ts';
import { dataFolderCheck } from './data-folder.ts';
import { diskCheck } from './disk.ts';
import { ffmpegCheck } from './ffmpeg.ts';
import { instanceCheck } from './instance.ts';
import { nodeCheck } from './node-version.ts';
import { objectsCheck } from './objects.ts';
import { outsideDatabaseCheck } from './outside-database.ts';
import { portCheck } from './port.ts';
import { queuesCheck } from './queues.ts';

const checks: readonly Check[] = [
  nodeCheck,
  ffmpegCheck,
  dataFolderCheck,
  instanceCheck,
  diskCheck,
  outsideDatabaseCheck,
  portCheck,
  queuesCheck,
  objectsCheck,
];

/** A check that does not answer in this time is itself a problem, in milliseconds. */
const LIMIT_MS = 15_000;

/**
 * Runs all checks side by side.
 *
 * @returns a note of each, for people
 * @throws Permanent `preflight-failed`: every problem, each with what to do
 */
export async function preflight(config: Config): Promise<readonly string[]> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const findings = await Promise.all(checks.map((check) => settle(check, config, signal)));
  const problems = findings.filter((finding) => !finding.ok);
  if (problems.length > 0) {
    const lines = problems.map(({ problem, remedy }) => `  - ${problem}\n    ${remedy}`.trimEnd());
    throw new Permanent('preflight-failed', `Nothing was started:\n${lines.join('\n')}`);
  }
  return findings.flatMap((finding) => (finding.ok && finding.note !== '' ? [finding.note] : []));
}

/** What a check refuses with an error of ours is a problem that it found. */
export async function settle(check: Check, config: Config, signal: AbortSignal): Promise<Finding> {
  try {
    return await check({ config, signal });
  } catch (error) {
    if (error instanceof MillraceError) return { ok: false, problem: error.message, remedy: '' };
    throw error;
  }
}
