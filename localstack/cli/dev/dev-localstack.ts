import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig, processEnvironment } from '#shared/config';
import { connect } from '#shared/database';
import { MillraceError, Permanent, Transient } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { readInstance } from '../../data-folder/index.ts';
import { topologyPath } from '../../embedded/paths.ts';
import { startMiniStack } from '../../mini-stack/index.ts';
import { createPlan, provision } from '../../provision/index.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { projectFolder } from '../project-folder.ts';
import type { Terminal } from '../terminal.ts';
import { endLeftover, forgetProcess, noteProcess } from './leftover.ts';

/** Services of a compose file need so long at most. */
const WAIT_MS = 60_000;
const LOOK_MS = 500;

/**
 * `millrace dev --localstack`: the same platform on S3 and SQS. Starts MiniStack where no endpoint is given, waits for the
 * services, makes buckets and queues, and hands over to `millrace dev`, which is told all by its environment, as
 * anybody would tell it.
 */
export async function devLocalstack({ terminal }: { terminal: Terminal }): Promise<void> {
  const config = loadConfig();
  const given = processEnvironment();
  const dataDir = given.DATA_DIR ? config.dataDir : join(config.dataDir, 'localstack');
  const interrupt = listenForInterrupt({ terminal, message: 'Stopping. Ctrl-C again stops at once.' });
  const undo: (() => Promise<unknown>)[] = [async () => interrupt.dispose()];
  const say = (line: string) => terminal.say(terminal.dim(line));
  try {
    const server = await openServer({
      endpoint: config.aws.endpoint,
      region: config.aws.region,
      dataDir,
      say,
    });
    undo.unshift(server.stop);
    const credentials = given.AWS_ACCESS_KEY_ID || given.AWS_PROFILE ? {} : anyKeys;
    const environment = {
      ...given,
      ...credentials,
      OBJECTS: 's3',
      TRANSPORT: 'sqs',
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: server.region,
      DATA_DIR: dataDir,
    };
    await waitForDatabase(config.databaseUrl?.reveal(), interrupt.signal);
    const plan = createPlan({
      topology: readTopology({ path: topologyPath }),
      prefix: config.queuePrefix,
      buckets: config.buckets,
      corsOrigins: ['*'],
    });
    const connection = {
      endpoint: server.endpoint,
      region: server.region,
      ...('AWS_ACCESS_KEY_ID' in credentials ? { credentials: sameKeys } : {}),
    };
    const { created, changed, kept } = await reached(interrupt.signal, () =>
      provision({ plan, connection, mode: 'apply', say: () => undefined }),
    );
    terminal.say(
      `S3 and SQS at ${server.endpoint}: ${created} made, ${changed} changed, ${kept} as they should be.`,
    );
    await runDev({ environment, signal: interrupt.signal });
  } finally {
    for (const step of undo) await step();
  }
}

/** Servers for development know any keys. */
const anyKeys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const sameKeys = { accessKeyId: 'test', secretAccessKey: 'test' };

async function openServer(options: {
  endpoint: string | undefined;
  region: string | undefined;
  dataDir: string;
  say: (line: string) => void;
}): Promise<{ endpoint: string; region: string; stop(): Promise<void> }> {
  const { endpoint, region = 'us-east-1', dataDir, say } = options;
  if (endpoint !== undefined) return { endpoint, region, stop: async () => undefined };
  const programs = join(homedir(), '.cache', 'millrace', 'servers');
  const other = await readInstance(dataDir);
  if (other !== undefined) {
    throw new Permanent(
      'data-dir-in-use',
      `Another Millrace (process ${other.pid}, "${other.command}") works on ${dataDir}. Stop it (kill ${other.pid}), or set DATA_DIR to another folder.`,
    );
  }
  const folder = join(dataDir, 'ministack');
  await mkdir(folder, { recursive: true });
  const leftover = await endLeftover(folder);
  if (leftover !== undefined) say(`Ended MiniStack (process ${leftover}), which a killed start had left.`);
  const server = await startMiniStack({ folder, programs, say });
  await noteProcess({ dataDir: folder, pid: server.pid });
  return {
    ...server,
    async stop() {
      await server.stop();
      await forgetProcess(folder);
    },
  };
}

/** Tries until the services answer. @throws what they said last */
async function reached<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isFinal = error instanceof MillraceError && error.kind === 'permanent';
      if (isFinal || signal.aborted || performance.now() > until) throw error;
      await sleep(LOOK_MS, undefined, { signal });
    }
  }
}

async function waitForDatabase(url: string | undefined, signal: AbortSignal): Promise<void> {
  if (url === undefined) return;
  const { hostname, port } = new URL(url);
  await reached(signal, async () => {
    const pool = connect({ url, max: 1, applicationName: 'millrace dev', connectionTimeoutMs: 2_000 });
    try {
      await pool.query('select 1');
    } catch (cause) {
      throw new Transient(
        'database-unreachable',
        `The database of DATABASE_URL (${hostname}:${port || 5432}) does not answer: ${(cause as Error).message}. Start it, or unset DATABASE_URL.`,
        { cause },
      );
    } finally {
      await pool.end();
    }
  });
}

async function runDev(options: { environment: NodeJS.ProcessEnv; signal: AbortSignal }): Promise<void> {
  const { environment, signal } = options;
  signal.throwIfAborted();
  const child = spawn(process.execPath, [join(projectFolder, 'bin', 'millrace.mjs'), 'dev'], {
    env: environment,
    stdio: 'inherit',
  });
  // A terminal's Ctrl-C reaches it as well; it takes two that come together as one.
  const pass = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', pass);
  const [code] = (await once(child, 'exit')) as [number | null];
  signal.removeEventListener('abort', pass);
  process.exitCode = code ?? 1;
}
