import { spawn } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MillraceError, Permanent } from '#shared/errors';
import { type Checkout, openCheckout } from './checkout.ts';

/** The project's folder; absolute. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command of the release train; what is wrong is said without a stack. */
export async function runCommand(command: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(await command());
  } catch (error) {
    // parseArgs says in a sentence what it does not know.
    const isOurs = error instanceof MillraceError || (error instanceof TypeError && 'code' in error);
    process.stderr.write(`${isOurs ? error.message : error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  }
}

/** This checkout; what follows from its versions is written by `npm run generate`. */
export const thisCheckout = (): Checkout => openCheckout(root, generate);

export const wordsWrong = (usage: string) => new Permanent('words-wrong', `Use it so: ${usage}`);

/** Answers for the next steps of a workflow. @param path `$GITHUB_OUTPUT`; left out, nothing is written */
export async function answer(path: string | undefined, values: Record<string, string>): Promise<void> {
  if (path === undefined) return;
  const text = Object.entries(values).map(([name, value]) => `${name}=${value.replaceAll('\n', ' ')}\n`);
  await appendFile(path, text.join(''));
}

const LIMIT_MS = 300_000;

function generate(): Promise<void> {
  return new Promise((resolve, reject) => {
    const words = ['run', '--silent', 'generate'];
    const child = spawn('npm', words, {
      cwd: root,
      timeout: LIMIT_MS,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Permanent('generate-failed', `npm run generate failed with ${code}.`));
    });
  });
}
