import { createAuth, createUrlSigner } from '#shared/auth';
import { serve } from '#shared/http';
import { createLedger, tracedLedger } from '#shared/ledger';
import { openStore, storeSettings } from '#shared/storage';
import { createMetrics, createTracing } from '#shared/telemetry';
import { openInbox } from '../open-inbox.ts';
import { openIngress } from '../open-ingress.ts';
import { databaseUrls, openLedger } from '../open-ledger.ts';
import { keysFolder } from '../paths.ts';
import type { StartRole } from '../running-role.ts';
import { tracingTarget } from '../tracing-target.ts';
import { Undoing } from '../undoing.ts';

const SESSIONS = 8;
/** Of what is under way when it is told to end; streams end at once, and their readers come again elsewhere. */
const DRAIN_MS = 25_000;

/**
 * The HTTP interface. The keys that tokens and links are signed with must be there: processes beside each other have the
 * same. The ledger need not be: the interface says that it is away.
 *
 * @throws Permanent `key-missing`, `database-url-missing`
 */
export const startIngress: StartRole = async ({ config, log }) => {
  const undoing = new Undoing();
  try {
    const keys = { keysFolder: keysFolder(config.dataDir), use: 'given' } as const;
    const clock = { now: () => new Date() };
    await createAuth({ ...keys, clock }).jwks();
    await createUrlSigner({ ...keys, clock }).sign({ method: 'GET', path: '/', expiresAt: clock.now() });
    const access = openLedger({ config, role: 'ingress', sessions: SESSIONS, log });
    undoing.add(access.close);
    const tracing = await createTracing({ service: 'ingress', target: tracingTarget(config) });
    undoing.add(() => tracing.close());
    const { pool, topology, wake } = access;
    const ledger = tracedLedger({ ledger: createLedger(access), tracing });
    const artifacts = await openStore(storeSettings(config).artifacts);
    const inbox = await openInbox({ config, topology, artifacts, ledger, pool, log });
    undoing.add(() => inbox.stop());
    const app = await openIngress({
      ...{ config, ledger, topology, artifacts, inbox, pool, wake, keys, log, tracing },
      directUrl: databaseUrls(config).directUrl,
      metrics: createMetrics({ service: 'ingress' }),
    });
    undoing.add(app.close);
    const server = await serve(app, { port: config.port, hostname: config.host, log });
    undoing.add(() => server.close({ graceMs: DRAIN_MS }));
    return { port: server.port, stop: () => undoing.run(log) };
  } catch (error) {
    await undoing.run(log);
    throw error;
  }
};
