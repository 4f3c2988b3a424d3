import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ownEnvironment } from '#shared/config';
import { Permanent } from '#shared/errors';
import type { DevSettings, FromPlatform, ToPlatform } from './dev-messages.ts';

const PROGRAM = fileURLToPath(new URL('./platform-process.ts', import.meta.url));
/** Lanes drain for three seconds; what takes longer is ended. */
const STOP_MS = 15_000;

/** The process of the platform, as `millrace dev` sees it. */
export interface PlatformChild {
  readonly pid: number;
  readonly url: string;
  restart(lanes: readonly string[]): void;
  /** Drains it; may be called twice. */
  stop(): Promise<void>;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
}

/** Starts it. @throws Permanent `platform-failed`: what it said */
export async function startChild(
  settings: DevSettings,
  onStarted: (pid: number) => Promise<void>,
): Promise<PlatformChild> {
  const child = fork(PROGRAM, [], {
    env: ownEnvironment(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pid = child.pid ?? 0;
  await onStarted(pid);
  send(child, { kind: 'start', settings });
  const url = await ready(child, ended);
  return {
    pid,
    url,
    ended,
    restart: (lanes) => send(child, { kind: 'restart', lanes }),
    async stop() {
      send(child, { kind: 'stop' });
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

function ready(child: ChildProcess, ended: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (problem: string) => reject(new Permanent('platform-failed', problem));
    let problem = 'The platform ended as it started.';
    child.on('message', (message: FromPlatform) => {
      if (message.kind === 'ready') resolve(message.url);
      else problem = message.problem;
    });
    child.once('error', (error) => refuse(error.message));
    void ended.then(() => refuse(problem));
  });
}

function send(child: ChildProcess, message: ToPlatform): void {
  // One that has just ended takes no more messages, and needs none.
  if (child.connected) child.send(message, () => undefined);
}
