import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inheritedEnvironment } from '#shared/config';
import { Transient } from '#shared/errors';
import { installMiniStack } from './install.ts';

export interface MiniStack {
  readonly pid: number;
  readonly endpoint: string;
  readonly region: string;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<void>;
  /** Ends it; it writes its queues down first. */
  stop(): Promise<void>;
}

/** Where everybody looks for LocalStack. */
const PORT = 4566;
const READY_MS = 60_000;
const STOP_MS = 8_000;

/**
 * Starts MiniStack on the loopback address, its data in a folder: objects always outlive it, queues when it is stopped
 * in order. Takes any free port where LocalStack's is taken.
 *
 * @throws Permanent `python-missing`, `ministack-not-installed`; Transient `ministack-not-ready` with its last words
 */
export async function startMiniStack(options: {
  /** Of its data. */
  folder: string;
  /** Where it is installed. */
  programs: string;
  say: (line: string) => void;
}): Promise<MiniStack> {
  const { folder, programs, say } = options;
  const { python, packages } = await installMiniStack({ folder: programs, say });
  const port = (await isFree(PORT)) ? PORT : await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const region = 'us-east-1';
  const child = spawn(python, ['-m', 'ministack'], {
    env: {
      ...inheritedEnvironment(),
      PYTHONPATH: packages,
      PYTHONDONTWRITEBYTECODE: '1',
      // CORS of single buckets works only with this.
      AUTH: 'true',
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: region,
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LOG_LEVEL: 'ERROR',
      S3_PERSIST: '1',
      S3_DATA_DIR: join(folder, 's3'),
      PERSIST_STATE: '1',
      STATE_DIR: join(folder, 'state'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for us: it stops after the platform that works on it.
    detached: process.platform !== 'win32',
  });
  const orphaned = (): void => void child.kill('SIGKILL');
  process.once('exit', orphaned);
  const ended = once(child, 'exit').then(
    () => undefined,
    () => undefined,
  );
  const lastWords = listen(child);
  const stop = async (): Promise<void> => {
    process.off('exit', orphaned);
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
    child.kill('SIGKILL');
    await ended;
  };
  const until = performance.now() + READY_MS;
  while (!(await answers(`${endpoint}/_ministack/health`))) {
    const isOver = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (isOver || performance.now() > until) {
      await stop();
      throw new Transient(
        'ministack-not-ready',
        `MiniStack did not start. It said: ${lastWords() || 'nothing'}`,
      );
    }
    await sleep(100);
  }
  return { pid: child.pid ?? 0, endpoint, region, ended, stop };
}

function listen(child: ChildProcess): () => string {
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output?.on('data', (bytes: Buffer) => {
      said = `${said}${bytes}`.slice(-2_000);
    });
  }
  child.on('error', (error) => {
    said = `${said}\n${error.message}`;
  });
  return () => said.trim();
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false,
  );
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOn(port)) !== undefined;
}

async function freePort(): Promise<number> {
  return (await listenOn(0)) ?? 0;
}

/** Answers the port, when nobody has it. */
async function listenOn(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
