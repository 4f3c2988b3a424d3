import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What an image starts: its entry point and where that works. */
export interface Command {
  readonly words: readonly [string, ...string[]];
  readonly folder?: string;
}

/** A container: one process of the operating system, in a group of its own. */
export interface Container {
  /** Of its pod. */
  readonly name: string;
  readonly pid: number;
  /** The port on which it says that it is ready. @throws Error where it ends without that */
  readonly ready: Promise<number>;
  /** Its exit code; a signal as 128 and its number. */
  readonly ended: Promise<number>;
  /** The last lines that it wrote. */
  said(): string;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

const SIGNALS: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11, SIGABRT: 6 };
const LINES = 200;

/** Whoever ends without closing what it started leaves no process behind. */
const living = new Set<number>();
process.once('exit', () => {
  for (const pid of living) end(pid, 'SIGKILL');
});

/** SIGKILL ends what the process has started too, as the end of a container does. */
function end(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
  } catch {
    // It ended by itself in between.
  }
}

/** A namespace in which the machine has the name of the pod; the process stays the same. */
const NAMED = ['--map-root-user', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"'] as const;

/** Whether containers can have names of their own here: as in a cluster they are what `hostname` answers. */
export const hasNames = spawnSync('unshare', [...NAMED, 'probe', 'true'], { timeout: 5_000 }).status === 0;

/** Starts a container with exactly this environment. It says `{"message":"ready","port":…}` where it serves. */
export function startContainer(
  { words, folder }: Command,
  environment: Readonly<Record<string, string>>,
  name: string,
): Container {
  const [program, ...rest] = hasNames ? (['unshare', ...NAMED, name, ...words] as const) : words;
  const child: ChildProcess = spawn(program, rest, {
    ...(folder === undefined ? {} : { cwd: folder }),
    env: { ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Where it could not be started there is none, and nobody has this one.
  const { pid = 2 ** 30 } = child;
  living.add(pid);
  const lines: string[] = [];
  const { promise: ready, resolve, reject } = Promise.withResolvers<number>();
  ready.catch(() => undefined);
  const hear = (line: string): void => {
    lines.push(line);
    if (lines.length > LINES) lines.shift();
    const port = portIn(line);
    if (port !== undefined) resolve(port);
  };
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on('line', hear);
  const ended = new Promise<number>((done) => {
    child.once('error', (error) => {
      lines.push(error.message);
      done(127);
    });
    child.once('close', (code, signal) => done(code ?? 128 + (SIGNALS[signal ?? ''] ?? 0)));
  });
  void ended.then((code) => {
    living.delete(pid);
    reject(new Error(`ended with ${code} before it was ready: ${lines.join('\n')}`));
  });
  return {
    name,
    pid,
    ready,
    ended,
    said: () => lines.join('\n'),
    signal: (signal) => end(pid, signal),
  };
}

function portIn(line: string): number | undefined {
  try {
    const { message, port } = JSON.parse(line) as { message?: unknown; port?: unknown };
    return message === 'ready' && typeof port === 'number' ? port : undefined;
  } catch {
    return undefined;
  }
}
