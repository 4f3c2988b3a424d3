import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Terminal } from '../terminal.ts';
import type { FilterWords } from './deliveries.ts';

const states = ['due', 'leased', 'later', 'done', 'dead', 'cancelled'];

/** The commands that ask and mend the ledger. They use the database itself, so that they work while HTTP is down. */
export function addOperatorCommands(program: Command, terminal: Terminal): void {
  program
    .command('why')
    .description(
      'why a run or a delivery is where it is: what woke it, waits, attempts, errors, and what would mend it',
    )
    .argument('<id>', 'of a run or of a delivery')
    .option('--json', 'as JSON, for programs')
    .action(async (id: string, { json = false }: { json?: boolean }) => {
      const { why } = await import('./why.ts');
      await why({ terminal, id, json });
    });

  const deliveries = program
    .command('deliveries')
    .description('list deliveries, newest first')
    .addOption(new Option('--state <state>', 'only these').choices(states))
    .option('--limit <number>', 'at most so many', toLimit, 50)
    .option('--json', 'as JSON, for programs');
  withFilter(deliveries).action(async (words: FilterWords & { limit: number; json?: boolean }) => {
    const command = await import('./deliveries.ts');
    await command.deliveries({ terminal, words });
  });

  const retry = program
    .command('retry')
    .description('make dead deliveries due again: one, or all that a filter takes')
    .argument('[delivery]', 'id of one delivery')
    .option('--all', 'every dead delivery')
    .option('--dry-run', 'only say which');
  withFilter(retry).action(
    async (
      id: string | undefined,
      words: Omit<FilterWords, 'state'> & { all?: boolean; dryRun?: boolean },
    ) => {
      const command = await import('./deliveries.ts');
      await command.retry({ terminal, id, words });
    },
  );

  program
    .command('replay')
    .description('make a settled run again from a step, as a new run; what came before is shared')
    .argument('<run>', 'its id')
    .requiredOption('--from <step>', 'the function to begin with, such as render-tts')
    .option('--key <part>', 'only this part (scene-003)')
    .option('--redo <function...>', 'run these again too, although they acted outside or wrote rows')
    .option('--dry-run', 'only say what would be copied and what made again')
    .option('--json', 'as JSON, for programs')
    .action(async (run: string, words: { from: string; key?: string; redo?: string[]; dryRun?: boolean }) => {
      const { replay } = await import('./replay.ts');
      await replay({ terminal, run, words });
    });

  program
    .command('pause')
    .description('put a brake on a function or a provider; without a name, list the brakes')
    .argument('[name]', 'a function (render-tts) or a provider (language-model)')
    .option('--reason <text>', 'why, for those who wonder', 'no reason was given')
    .action(async (name: string | undefined, { reason }: { reason: string }) => {
      const { pause } = await import('./brake.ts');
      await pause({ terminal, name, reason });
    });

  program
    .command('resume')
    .description('take the brake off')
    .argument('<name>', 'the function or provider')
    .action(async (name: string) => {
      const { resume } = await import('./brake.ts');
      await resume({ terminal, name });
    });

  const admin = program
    .command('admin')
    .description('people who may see and mend what is everybody’s: who they are, one more, one less');
  for (const change of ['grant', 'revoke'] as const)
    admin
      .command(change)
      .description(change === 'grant' ? 'make somebody an admin' : 'somebody is no admin any more')
      .argument('<who>', 'a handle or an e-mail address')
      .action(async (who: string) => {
        const { changeAdmin } = await import('./admin.ts');
        await changeAdmin({ terminal, who, change });
      });
  admin
    .command('list')
    .description('say who is an admin')
    .action(async () => {
      const { listAdmins } = await import('./admin.ts');
      await listAdmins({ terminal });
    });

  program
    .command('sweep')
    .description(
      'find what was missed and mend it: files that started nothing, work that nobody was told of, leftovers',
    )
    .option('--dry-run', 'only say what would be done')
    .option('--json', 'as JSON, for programs')
    .action(async (words: { dryRun?: boolean; json?: boolean }) => {
      const { sweep } = await import('./sweep.ts');
      await sweep({ terminal, words });
    });
}

function withFilter(command: Command): Command {
  return command
    .option('--function <name>', 'of this function')
    .option('--run <id>', 'of this run')
    .option('--flow <name>', 'of runs of this flow')
    .option('--owner <name>', 'of this account')
    .option('--code <code>', 'whose last error has this code');
}

function toLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
}
