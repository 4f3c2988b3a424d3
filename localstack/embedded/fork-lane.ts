import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownEnvironment } from '#shared/config';

const PROGRAM = fileURLToPath(new URL('./lane-process.ts', import.meta.url));
/** As long as a lane without work lives. */
const SPARE_MS = 60_000;

/** A lane's process: it loads what all lanes need, and then waits to be told which one it is. */
export function forkLane(): ChildProcess {
  return fork(PROGRAM, [], {
    env: { ...ownEnvironment(), ...compileCache() },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
}

/** A lane's process that is started ahead of its work, for the first lane that is wanted. */
export interface SpareLane {
  /** The process, once; undefined when it was taken, died, or was not wanted for a minute. */
  take(): ChildProcess | undefined;
  end(): Promise<void>;
}

/** While the database starts there is time to load a lane: what a kill interrupted then goes on so much earlier. */
export function startSpareLane(): SpareLane {
  let child: ChildProcess | undefined = forkLane();
  const ended = new Promise<void>((resolve) => child?.once('exit', () => resolve()));
  const forget = (): void => {
    clearTimeout(tooOld);
    child = undefined;
  };
  const give = (): ChildProcess | undefined => {
    const taken = child;
    taken?.off('exit', forget).off('error', forget);
    forget();
    return taken;
  };
  const tooOld = setTimeout(() => give()?.kill('SIGKILL'), SPARE_MS);
  child.once('exit', forget).once('error', forget);
  return {
    take: give,
    async end() {
      const left = give();
      if (left === undefined) return;
      left.kill('SIGKILL');
      await ended;
    },
  };
}

/** What this process has compiled its lanes need not compile again: a third of their start. The folder is Node's version's. */
function compileCache(): Readonly<Record<string, string>> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
