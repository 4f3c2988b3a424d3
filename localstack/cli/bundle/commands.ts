import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../terminal.ts';
import type { BundleWords } from './pack.ts';

/** Of the files of one run; bytes that are not compressed. */
const MOST_MB = 4_000;

/** The commands that take a run to another machine. */
export function addBundleCommands(program: Command, terminal: Terminal): void {
  program
    .command('bundle')
    .description(
      'pack a run that has ended into one file, to be looked into elsewhere; secrets are left out of it',
    )
    .argument('<run>', 'its id')
    .option('--out <file>', 'where; default millrace-<run>.zip here')
    .option('--all', 'every file of the run, not only those that its unfinished steps read')
    .option('--owner <name>', "only if it is this account's run")
    .option('--max-mb <number>', 'at most so much', toMegabytes, MOST_MB)
    .action(async (run: string, words: BundleWords) => {
      const { bundle } = await import('./pack.ts');
      await bundle({ terminal, run, words });
    });

  program
    .command('replay-bundle')
    .description('load a bundled run into the platform here; it stands where it failed, and can be retried')
    .argument('<file>', 'made by: npx millrace bundle')
    .option('--retry', 'make its dead deliveries due at once')
    .option('--max-mb <number>', 'at most so much', toMegabytes, MOST_MB)
    .action(async (file: string, words: { retry?: boolean; maxMb: number }) => {
      const { replayBundle } = await import('./replay-bundle.ts');
      await replayBundle({ terminal, file, words });
    });
}

function toMegabytes(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000000.');
}
