import { type Environment, processEnvironment } from './environment.ts';

/**
 * The folder that a person typed the command in. `npm run` moves to the project first and leaves the real one in
 * `INIT_CWD`; that variable is believed only there, because child processes inherit it.
 */
export function callerFolder({
  projectFolder,
  current = process.cwd(),
  environment = processEnvironment(),
}: {
  projectFolder: string;
  current?: string;
  environment?: Environment;
}): string {
  const typedIn = environment.INIT_CWD;
  return current === projectFolder && typedIn ? typedIn : current;
}
