import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

export interface ServerProcess {
  readonly child: ChildProcess;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts a program and waits until `url` answers anything. @throws with the program's last words where it does not */
export async function startServer(request: {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
  url: string;
  withinMs: number;
}): Promise<ServerProcess> {
  const { command, args, env, url, withinMs } = request;
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (bytes: Buffer) => {
      said = `${said}${bytes}`.slice(-4_000);
    });
  }
  child.on('error', (error) => {
    said += `\n${error.message}`;
  });
  const gone = once(child, 'exit').catch(() => undefined);
  const orphaned = (): void => void child.kill('SIGKILL');
  process.once('exit', orphaned);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    process.off('exit', orphaned);
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    await Promise.race([gone, setTimeout(8_000, undefined, { ref: false })]);
    child.kill('SIGKILL');
    await gone;
  };
  const until = Date.now() + withinMs;
  while (!(await answers(url))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (hasEnded || Date.now() > until) {
      await end('SIGKILL');
      throw new Error(`${command} did not start within ${withinMs} ms. It said:\n${said}`);
    }
    await setTimeout(50);
  }
  return { child, end };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status < 500;
    },
    () => false,
  );
}

/** What a server may see of our environment: enough to run, nothing that points a client elsewhere. */
export function plainEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'PYENV_ROOT', 'PYENV_VERSION'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
