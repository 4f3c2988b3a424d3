/** Says which Python can run LocalStack 4.14; ends with 1 where there is none (`.ci/run` asks). */
import { findPython } from './servers/local-stack.ts';

try {
  process.stdout.write(`${await findPython()}\n`);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
