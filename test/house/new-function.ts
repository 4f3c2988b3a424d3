import { parseArgs } from 'node:util';
import { MillraceError, Permanent } from '#shared/errors';
import { root } from './project.ts';
import { scaffold } from './scaffold/scaffold.ts';

const USAGE =
  'npm run new-function -- <area>/<name> --on <event type> [--emits <event type>] [--profile light]';

/** `npm run new-function`: a folder with a function and its passing test, and its lines in events.yaml and versions.yaml. */
try {
  const made = await scaffold({ root, ...readWords() });
  for (const path of made) process.stdout.write(`wrote ${path}\n`);
  process.stdout.write(`\nNext:\n  npm run generate && npm run check && npm test -- ${folderOf(made)}\n`);
} catch (error) {
  const isOurs = error instanceof MillraceError;
  process.stderr.write(isOurs ? `${error.message}\n` : `${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}

function readWords(): { path: string; on: string; emits: string | undefined; profile: string } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        on: { type: 'string' },
        emits: { type: 'string' },
        profile: { type: 'string', default: 'light' },
      },
    });
    const [path, ...more] = positionals;
    if (path === undefined || values.on === undefined || more.length > 0)
      throw new Error('a word is missing or too many');
    return { path, on: values.on, emits: values.emits, profile: values.profile };
  } catch (cause) {
    throw new Permanent('words-wrong', `${(cause as Error).message}.\nUse it so: ${USAGE}`, { cause });
  }
}

function folderOf(made: readonly string[]): string {
  return made.find((path) => path.endsWith('/function.ts'))?.replace('/function.ts', '') ?? '';
}
