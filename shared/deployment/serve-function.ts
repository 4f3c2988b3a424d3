import { loadConfig } from '#shared/config';
import { Permanent } from '#shared/errors';
import type { FunctionDefinition } from '#shared/function';
import { createReceiver, nodeHandler } from '#shared/host';
import { serveListener } from '#shared/http';
import { createLog } from '#shared/telemetry';
import type { Profile, TopologyFunction } from '#shared/topology';
import type { Joined } from './join-ledger.ts';

/** A function and what its process must know of `events.yaml`, which its bundle does not carry. */
export interface DeployedFunction {
  readonly definition: FunctionDefinition;
  readonly topology: TopologyFunction;
  readonly profile: Profile;
  /** CloudEvents `source` of what it emits. */
  readonly source: string;
  /** Of all functions: its commits wake others. */
  readonly lanes: readonly string[];
}

/** Answers to what is under way when the process is told to end; Knative waits for longer (findings). */
const DRAIN_MS = 8_000;

/**
 * Serves one function on `PORT`: wake-ups, `/health`, `/ready`, `/metrics`. It listens before it knows the ledger,
 * which it joins at once, or with the first request that finds it back. SIGTERM drains it.
 *
 * @throws Permanent `config-invalid`, `database-url-missing`, `function-needs-ports`
 */
export async function serveFunction(deployed: DeployedFunction): Promise<void> {
  const { definition } = deployed;
  const config = loadConfig();
  if (config.databaseUrl === undefined)
    throw new Permanent('database-url-missing', 'DATABASE_URL is not set; set it to the URL of the ledger.');
  if (definition.needs.length > 0)
    throw new Permanent(
      'function-needs-ports',
      `${definition.name} needs ${definition.needs.join(', ')}, which its own process does not offer.`,
    );
  const log = createLog({ service: definition.name, level: config.logLevel });
  let joining: Promise<Joined> | undefined;
  const joined = (): Promise<Joined> => {
    joining ??= import('./join-ledger.ts')
      .then(({ joinLedger }) => joinLedger({ deployed, config, log }))
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
