import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { describeVariables } from '#shared/config';
import { roleNames } from '../../platform/role-names.ts';
import { version } from '../../platform/version.ts';
import { addBundleCommands } from './bundle/commands.ts';
import { addOperatorCommands } from './operate/commands.ts';
import type { ProvisionWords } from './provision/provision.ts';
import type { RunWords } from './run/run.ts';
import type { Terminal } from './terminal.ts';

/** Every command with its options; what a command does is loaded when it is asked for. */
export function createProgram({ terminal }: { terminal: Terminal }): Command {
  const program = new Command('millrace')
    .description(
      'A self-hosted backend for people who make things: a topic goes in, a narrated video comes out.',
    )
    .version(version)
    .showHelpAfterError('(millrace --help lists everything.)')
    .addHelpText('after', () => `\n${variablesText()}`);

  program
    .command('demo')
    .description(
      'make a video here and now: of a topic, of your own text, or of the article that comes along',
    )
    .argument('[topic]', 'what the video is about, 3 to 200 characters')
    .addOption(
      new Option('--script <file>', 'narrate this Markdown file instead of a topic (at most 200 KB)'),
    )
    .addOption(new Option('--format <format>', 'shape of the picture').choices(['long', 'short', 'square']))
    .addOption(
      new Option('--size <pixels>', 'size of the picture, as 1920x1080; decides the format by itself'),
    )
    .option('--seconds <number>', 'length to aim at, 5 to 3600', toNumber, 60)
    .option('--voice <name>', 'who speaks: rms, slt, awb or kal16')
    .option('--title <text>', 'title of the video')
    .option('--out <folder>', 'put copies of the finished files here; nothing there is replaced')
    .addHelpText('after', DEMO_EXAMPLES)
    .action(async (topic: string | undefined, options: DemoWords) => {
      const { demo } = await import('./demo/demo.ts');
      await demo({ terminal, words: { ...options, topic } });
    });

  program
    .command('start')
    .description('leave the platform running: HTTP on PORT (8080), data in DATA_DIR (./data), until Ctrl-C')
    .action(async () => {
      const { start } = await import('./start.ts');
      await start({ terminal });
    });

  program
    .command('dev')
    .description('like start, for work on the code: a changed file replaces only the process that loads it')
    .option('--localstack', 'on S3 and SQS: those of AWS_ENDPOINT_URL, else MiniStack, started here')
    .action(async ({ localstack = false }: { localstack?: boolean }) => {
      if (localstack) {
        const { devLocalstack } = await import('./dev/dev-localstack.ts');
        return await devLocalstack({ terminal });
      }
      const { dev } = await import('./dev/dev.ts');
      await dev({ terminal });
    });

  program
    .command('serve')
    .description('one part of the platform as a process of its own, on DATABASE_URL, as a cluster runs it')
    .addArgument(new Argument('<part>', 'which').choices(roleNames))
    .action(async (part: string) => {
      const { runRole } = await import('../../platform/run-role.ts');
      await runRole(part);
      // As the process of the image ends.
      process.exit(0);
    });

  program
    .command('token')
    .description('print a token for the HTTP interface')
    .requiredOption('--owner <name>', 'the account that the token speaks for', toOwner)
    .addOption(
      new Option('--role <role...>', 'what it may do beyond its own runs').choices(['admin', 'inbox']),
    )
    .option('--days <number>', 'how long it is valid, 1 to 365', toDays, 30)
    .action(async ({ owner, role = [], days }: { owner: string; role?: string[]; days: number }) => {
      const { token } = await import('./token.ts');
      await token({ terminal, owner, roles: role, days });
    });

  program
    .command('run')
    .description('run one function alone, on events from a file: no platform, no database')
    .argument('<function>', 'its name, such as keyword-fetch')
    .option('--event <file...>', 'JSON files, each with an event or an array of them')
    .option('--example', "take the event catalogue's own example")
    .option('--key <part>', 'which part, where the events are of several (scene-001)')
    .option('--title <text>', 'title of the run', 'A run')
    .option('--out <folder>', 'put the files that it makes here')
    .addHelpText('after', RUN_EXAMPLES)
    .action(async (name: string, words: RunWords) => {
      const { run } = await import('./run/run.ts');
      await run({ terminal, name, words });
    });

  program
    .command('provision')
    .description('make the buckets and queues that the platform needs on S3 and SQS; says every step first')
    .option('--endpoint <url>', 'LocalStack, MiniStack, MinIO …; default AWS_ENDPOINT_URL, else AWS itself')
    .option('--origin <url...>', 'pages that may use signed URLs (CORS)', ['*'])
    .option('--dry-run', 'say what would be done, and change nothing')
    .action(async (words: ProvisionWords) => {
      const { provisionCommand } = await import('./provision/provision.ts');
      await provisionCommand({ terminal, words });
    });

  program
    .command('doctor')
    .description('examine the machine and the installation; says what to do about what would fail')
    .option('--json', 'as JSON, for programs')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { doctor } = await import('./doctor/doctor.ts');
      await doctor({ terminal, json });
    });

  addOperatorCommands(program, terminal);
  addBundleCommands(program, terminal);
  return program;
}

/** The options of `millrace demo` as typed. */
export interface DemoWords {
  readonly topic?: string | undefined;
  readonly script?: string;
  readonly format?: string;
  readonly size?: string;
  readonly seconds: number;
  readonly voice?: string;
  readonly title?: string;
  readonly out?: string;
}

const DEMO_EXAMPLES = `
Examples:
  npm run demo
  npm run demo -- "Why octopuses have three hearts" --format short --voice slt
  npm run demo -- --script notes.md --title "My notes" --out ~/Videos

Runs on a platform of its own, or on the one that works on the same DATA_DIR.`;

const RUN_EXAMPLES = `
Prints the events that it would publish, as JSON; with --out these can be given to the next function:
  npx millrace run keyword-fetch --example > keywords.json
  npx millrace run generate-script --event keywords.json --out made > script.json
  npx millrace run generate-image --event script.json --key scene-002 --out made

An event file: { "type": "scene.scripted", "key": "scene-001", "data": { … } }
In "data", { "file": "notes.md" } stands for an artifact: a file beside the event file.`;

function variablesText(): string {
  const lines = describeVariables().map(({ name, about }) => `  ${name.padEnd(22)} ${about}`);
  return `Environment variables:\n${lines.join('\n')}`;
}

function toOwner(text: string): string {
  if (/^[\x21-\x7e]{1,200}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 200 ASCII characters without spaces.');
}

function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function toDays(text: string): number {
  const days = toNumber(text);
  if (!Number.isInteger(days) || days < 1 || days > 365) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 365.');
  }
  return days;
}
