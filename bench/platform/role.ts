import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '#shared/config';

const program = fileURLToPath(new URL('../../platform/main.ts', import.meta.url));

/** A server in a process of its own. */
export interface BenchRole {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A part of the platform in a process of its own, as a cluster runs it; answers when it is ready. */
export function startRole(role: string, environment: Readonly<Record<string, string>>): Promise<BenchRole> {
  return startServer([program, role], environment);
}

/** Starts a program that writes `{ message: 'ready', port }`, and waits for that. */
export async function startServer(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<BenchRole> {
  const child = spawn(process.execPath, command, {
    env: { ...inheritedEnvironment(), PORT: '0', LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const ready = Promise.withResolvers<number>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { message, port } = JSON.parse(line) as { message?: string; port?: number };
    if (message === 'ready' && port !== undefined) ready.resolve(port);
  });
  const port = await Promise.race([ready.promise, exited]);
  if (typeof port !== 'number') throw new Error(`${command.join(' ')} ended before it was ready.`);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
