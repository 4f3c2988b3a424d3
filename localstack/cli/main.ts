import { createProgram } from './program.ts';
import { reportFailure } from './report-failure.ts';
import { createTerminal } from './terminal.ts';

/** The command line: reads the words after `millrace`, does them, sets the exit code. */
export async function main(words: readonly string[] = process.argv.slice(2)): Promise<void> {
  const terminal = createTerminal();
  try {
    await createProgram({ terminal }).parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = reportFailure({ error, terminal });
  }
}
