import type { TestProject } from 'vitest/node';
import { goProgram } from '../aws/servers/go-program.ts';
import startDatabaseDesk from '../global-setup.ts';

/** The revision of that name; its tags are no versions in Go's sense. */
const VERSION = '0.11.5';

/** of-watchdog, built the first time; where that is impossible its stand-in serves, and the run says so and why. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stopDesk = await startDatabaseDesk(project);
  const program = await goProgram({
    module: 'github.com/openfaas/of-watchdog',
    version: VERSION,
    program: 'of-watchdog',
    given: process.env.OF_WATCHDOG_BIN,
  }).catch((error: Error) => {
    process.stdout.write(
      `of-watchdog cannot be had; what stands in for it is tested with.\n${error.message}\n`,
    );
    return '';
  });
  project.provide('watchdog', program);
  return stopDesk;
}
