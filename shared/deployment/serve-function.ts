import { type Config, jobEvent, loadConfig } from '#shared/config';
import { Permanent } from '#shared/errors';
import { createReceiver, nodeHandler } from '#shared/host';
import { serveListener } from '#shared/http';
import { createLog, type Log } from '#shared/telemetry';
import type { DeployedFunction } from './deployed-function.ts';
import type { Joined } from './join-ledger.ts';

/** Answers to what is under way when the process is told to end; Knative waits for longer (findings). */
const DRAIN_MS = 8_000;

/**
 * Runs one function in this process: as a Job where Knative hands it an event, else as a server.
 *
 * @throws Permanent `config-invalid`, `database-url-missing`, `function-needs-ports`
 */
export async function serveFunction(deployed: DeployedFunction): Promise<void> {
  const { definition, ports } = deployed;
  const config = loadConfig();
  if (config.databaseUrl === undefined)
    throw new Permanent('database-url-missing', 'DATABASE_URL is not set; set it to the URL of the ledger.');
  const missing = definition.needs.filter((name) => ports[name] === undefined);
  if (missing.length > 0)
    throw new Permanent(
      'function-needs-ports',
      `${definition.name} needs ${missing.join(', ')}, which its own process does not offer.`,
    );
  const log = createLog({ service: definition.name, level: config.logLevel });
  const path = jobEvent();
  if (path === undefined) return listen({ deployed, config, log });
  const { runAsJob } = await import('./run-as-job.ts');
  await runAsJob({ deployed, config, log, path });
}

/**
 * Listens on `PORT`: wake-ups, `/health`, `/ready`, `/metrics`. It does so before it knows the ledger, which it joins at
 * once, or with the first request that finds it back. SIGTERM drains it.
 */
async function listen(options: { deployed: DeployedFunction; config: Config; log: Log }): Promise<void> {
  const { config, log } = options;
  let joining: Promise<Joined> | undefined;
  const joined = (): Promise<Joined> => {
    joining ??= import('./join-ledger.ts')
      .then(({ joinLedger }) => joinLedger(options))
      .catch((error: unknown) => {
        // The next request tries again.
        joining = undefined;
        throw error;
      });
    return joining;
  };
  const receiver = createReceiver({
    host: { take: async (delivery) => (await joined()).take(delivery) },
    metrics: {
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      text: async () => (await joined()).metrics(),
    },
    health: async () => (await joined()).health(),
  });
  const server = await serveListener(nodeHandler(receiver), { port: config.port, hostname: config.host });
  log.info({ port: server.port }, 'ready');
  // It was started because something is to be done. Where the ledger is away, a request that needs it tries again.
  joined().catch((error: unknown) => log.warn({ error }, 'the ledger cannot be reached'));

  process.once('SIGTERM', () => {
    receiver.drain();
    void Promise.all([server.close({ graceMs: DRAIN_MS }), joining?.then(({ leave }) => leave(DRAIN_MS))])
      .catch((error: unknown) => log.warn({ error }, 'did not end well; what was under way runs again'))
      .finally(() => process.exit(0));
  });
}
