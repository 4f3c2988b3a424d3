import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '#shared/config';
import type { FromRole, Order, RoleSettings, ToRole } from './messages.ts';

const program = fileURLToPath(new URL('./role-process.ts', import.meta.url));

/** A process of the platform under test. */
export interface Role {
  readonly pid: number;
  /** Host id of a worker's lease. */
  readonly host: string | undefined;
  /** @throws Error what the process says, or that it died before it answered */
  order(order: Order): Promise<unknown>;
  /** How it ended: the signal, or the exit code. */
  readonly ended: Promise<NodeJS.Signals | number>;
  signal(name: NodeJS.Signals): void;
  /** Says nothing of it to anybody: kill -9. */
  kill(): Promise<void>;
}

export function startRole(settings: RoleSettings, faults: string): Promise<Role> {
  const child = fork(program, [], {
    env: { ...inheritedEnvironment(), MILLRACE_FAULTS: faults },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const ended = new Promise<NodeJS.Signals | number>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  void ended.then((how) => {
    for (const { reject } of waiting.values()) reject(new Error(`the process ended: ${how}`));
    waiting.clear();
  });
  return new Promise((resolve, reject) => {
    void ended.then((how) => reject(new Error(`the ${settings.role} ended at its start: ${how}`)));
    child.on('message', (message: FromRole) => {
      if (message.kind === 'ready') return resolve(roleOf(child, message.host, ended, waiting));
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) asked?.resolve(message.answer);
      else asked?.reject(new Error(message.error));
    });
    send(child, { kind: 'settings', settings });
  });
}

function roleOf(
  child: ChildProcess,
  host: string | undefined,
  ended: Promise<NodeJS.Signals | number>,
  waiting: Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>,
): Role {
  let last = 0;
  return {
    pid: child.pid ?? Number.NaN,
    host,
    ended,
    order(order) {
      last += 1;
      const id = last;
      if (!child.connected) return Promise.reject(new Error('the process has ended'));
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        send(child, { kind: 'order', id, order });
      });
    },
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function send(child: ChildProcess, message: ToRole): void {
  if (child.connected) child.send(message, () => undefined);
}
