import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ownEnvironment } from '#shared/config';
import { Cancelled, type Failure, Permanent, Transient } from '#shared/errors';
import { readProcessTable } from '../../embedded/process-table.ts';
import type { Terminal } from '../terminal.ts';
import type { FromFunction, FunctionResult, FunctionTask, ToFunction } from './messages.ts';
import { showProgress } from './show-progress.ts';

const PROGRAM = fileURLToPath(new URL('./function-process.ts', import.meta.url));
/** What has not ended so long after it was told to is ended from outside. */
const GRACE_MS = 800;

/**
 * Runs the function in a process of its own, so that even one that never gives way can be ended in time.
 *
 * @throws Cancelled when `signal` aborts; Transient `time-limit`; whatever the function throws
 */
export async function superviseFunction(request: {
  task: FunctionTask;
  terminal: Terminal;
  signal: AbortSignal;
}): Promise<FunctionResult> {
  const { task, terminal, signal } = request;
  const child = fork(PROGRAM, [], {
    env: ownEnvironment(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // What a function prints is no part of the answer.
    stdio: ['ignore', 2, 2, 'ipc'],
    serialization: 'advanced',
  });
  const progress = showProgress(terminal);
  let stopped: Failure | undefined;
  let killing: NodeJS.Timeout | undefined;
  const stop = (failure: Failure) => {
    if (stopped !== undefined) return;
    stopped = failure;
    send(child, { kind: 'abort', failure });
    killing = setTimeout(() => void endTree(child), GRACE_MS);
  };
  const cancel = () => stop({ kind: 'cancelled', code: 'cancelled', message: 'Cancelled.' });
  const seconds = task.timeoutMs / 1_000;
  const limit = setTimeout(
    stop,
    task.timeoutMs,
    failureOf('time-limit', `${task.fn.name} took longer than its limit of ${seconds} s.`),
  );
  signal.addEventListener('abort', cancel);
  try {
    const heard = await hear(child, task, progress.update);
    if (stopped !== undefined) throw toError(stopped);
    if (heard?.kind === 'done') return heard.result;
    if (heard?.kind !== 'failed')
      throw new Permanent('function-ended', `${task.fn.name} ended its own process.`);
    if (heard.stack !== undefined) terminal.complain(heard.stack);
    throw toError(heard.failure);
  } finally {
    progress.end();
    clearTimeout(limit);
    clearTimeout(killing);
    signal.removeEventListener('abort', cancel);
  }
}

/** @returns its last word, if it had one */
function hear(
  child: ChildProcess,
  task: FunctionTask,
  onProgress: (fraction: number, message: string | undefined) => void,
): Promise<FromFunction | undefined> {
  return new Promise((resolve, reject) => {
    let last: FromFunction | undefined;
    child.on('message', (message: FromFunction) => {
      if (message.kind === 'progress') onProgress(message.fraction, message.message);
      else last = message;
    });
    child.once('error', reject);
    child.once('exit', () => resolve(last));
    send(child, { kind: 'task', task });
  });
}

function send(child: ChildProcess, message: ToFunction): void {
  // One that has just ended takes no more messages, and needs none.
  if (child.connected) child.send(message, () => undefined);
}

const failureOf = (code: string, message: string): Failure => ({ kind: 'transient', code, message });

function toError({ kind, code, message }: Failure): Error {
  const words = `${message} (${kind}, ${code})`;
  switch (kind) {
    case 'cancelled':
      return new Cancelled(code, message);
    case 'transient':
      return new Transient(code, `${words}; a platform would try again`);
    case 'permanent':
    case 'conflict':
      return new Permanent(code, words);
  }
}

/** The programs that it started first: who was told to end must not leave an FFmpeg behind. */
async function endTree({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  const tree = (await readProcessTable()).tree(pid);
  for (const each of [...tree.toReversed(), pid]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
