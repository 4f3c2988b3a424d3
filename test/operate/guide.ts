import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '#shared/config';

const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
const LIMIT_MS = 120_000;

/** The commands that docs/operate.md shows after `<!-- tested: name -->`. */
async function commandsOf(name: string): Promise<string> {
  const page = await readFile(new URL('../../docs/operate.md', import.meta.url), 'utf8');
  const [, commands] =
    new RegExp(`<!-- tested: ${name} -->\\n *\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  if (commands === undefined) throw new Error(`docs/operate.md has no commands "${name}" that are tested`);
  return commands;
}

/** Runs them as they stand there, in the project's folder. @throws Error with what they said, where one fails */
export async function runGuide(name: string, environment: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', await commandsOf(name)], {
    cwd: projectFolder,
    env: { ...inheritedEnvironment(), ...environment },
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  return stdout;
}
