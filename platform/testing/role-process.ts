import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '#shared/config';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));
const LIMIT_MS = 60_000;

/** A part of the platform in a process of its own, as a cluster runs it. */
export interface RoleProcess {
  readonly url: string;
  /** JSON lines of its log, oldest first. */
  readonly log: readonly Record<string, unknown>[];
  readonly child: ChildProcess;
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
}

export interface RoleEnvironment {
  readonly DATABASE_URL?: string;
  readonly DATA_DIR: string;
  readonly [name: string]: string | undefined;
}

/** Starts it and waits until it is ready. */
export async function startRole(role: string, environment: RoleEnvironment): Promise<RoleProcess> {
  const { child, lines, ended } = begin(role, environment);
  const ready = await Promise.race([seen(lines, 'ready'), ended]);
  if (typeof ready === 'string') throw new Error(`${role} ended: ${ready}`);
  const url = `http://127.0.0.1:${String(ready.port)}`;
  return {
    url,
    log: lines,
    child,
    ask: (path, init) => fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(20_000) }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number | null];
      return code;
    },
  };
}

/** Runs it to its end. */
export async function runRole(
  role: string,
  environment: RoleEnvironment,
): Promise<{ code: number | null; said: string; log: readonly Record<string, unknown>[] }> {
  const { child, lines, ended } = begin(role, environment);
  const said = await ended;
  return { code: child.exitCode, said, log: lines };
}

function begin(role: string, environment: RoleEnvironment) {
  const child = spawn(process.execPath, [program, role], {
    env: { ...inheritedEnvironment(), PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 5 * LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const lines: Record<string, unknown>[] = [];
  let said = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close').then(() => `${said}${JSON.stringify(lines.at(-1) ?? '')}`);
  return { child, lines, ended };
}

async function seen(lines: readonly Record<string, unknown>[], message: string) {
  for (let waited = 0; waited < LIMIT_MS; waited += 20) {
    const line = lines.find((one) => one.message === message);
    if (line !== undefined) return line;
    await sleep(20);
  }
  throw new Error(`it did not say "${message}": ${JSON.stringify(lines.slice(-5))}`);
}
