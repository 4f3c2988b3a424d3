import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { plainEnvironment, startServer } from '../aws/servers/server-process.ts';
import { freePort } from '../free-port.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of of-watchdog; empty where it cannot be had, and what stands in for it is started. */
    watchdog: string;
  }
}

const STAND_IN = fileURLToPath(new URL('./stand-in-watchdog.ts', import.meta.url));

export interface Watchdog {
  readonly url: string;
  /** Ends it as Kubernetes does, and waits for its end. */
  stop(): Promise<void>;
}

/** of-watchdog in front of an HTTP server, as in an image: it starts the process and forwards what it is sent. */
export async function startWatchdog(options: {
  /** The command, its words parted by single spaces; there is no quoting. */
  process: string;
  /** Where that process listens. */
  upstream: string;
  environment?: Readonly<Record<string, string>>;
}): Promise<Watchdog> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-watchdog-'));
  const port = await freePort();
  const program = inject('watchdog');
  const url = `http://127.0.0.1:${port}`;
  const started = await startServer({
    ...(program === '' ? { command: process.execPath, args: [STAND_IN] } : { command: program, args: [] }),
    env: {
      ...plainEnvironment(),
      // Its lock file lies there: a watchdog is alone in its container.
      TMPDIR: folder,
      mode: 'http',
      port: String(port),
      fprocess: options.process,
      http_upstream_url: options.upstream,
      ready_path: '/_/ready',
      exec_timeout: '60s',
      read_timeout: '60s',
      write_timeout: '60s',
      healthcheck_interval: '1s',
      // Our log is JSON, a line each.
      prefix_logs: 'false',
      ...options.environment,
    },
    url: `${url}/_/health`,
    withinMs: 30_000,
  });
  return {
    url,
    async stop() {
      await started.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
