import { createAuth } from '#shared/auth';
import { createLedger, tracedLedger } from '#shared/ledger';
import { openStore, storeSettings } from '#shared/storage';
import { createMetrics, createTracing } from '#shared/telemetry';
import { startInbound } from '../inbound.ts';
import { noticeWebhook } from '../notice-webhook.ts';
import { openInbox } from '../open-inbox.ts';
import { openLedger } from '../open-ledger.ts';
import { servePart } from '../parts-server.ts';
import { keysFolder } from '../paths.ts';
import type { StartRole } from '../running-role.ts';
import { tracingTarget } from '../tracing-target.ts';
import { Undoing } from '../undoing.ts';

const SESSIONS = 4;
const DRAIN_MS = 10_000;
const WEBHOOK = '/api/v1/inbox/notices';

/**
 * Makes events of what a store says of the inbox: by the queue of its notices, or by a webhook at the path that ingress has
 * too. Ids follow from what lies in the bucket, so that a notice which comes twice is one event.
 *
 * @throws Permanent `key-missing` (of the webhook), `queue-missing` (of the queue), `database-url-missing`
 */
export const startAdapter: StartRole = async ({ config, log }) => {
  const undoing = new Undoing();
  try {
    const access = openLedger({ config, role: 'adapter', sessions: SESSIONS, log });
    undoing.add(access.close);
    const tracing = await createTracing({ service: 'adapter', target: tracingTarget(config) });
    undoing.add(() => tracing.close());
    const { pool, topology } = access;
    const artifacts = await openStore(storeSettings(config).artifacts);
    const ledger = tracedLedger({ ledger: createLedger(access), tracing });
    const inbox = await openInbox({ config, topology, artifacts, ledger, pool, log });
    undoing.add(() => inbox.stop());
    const inbound = await startInbound({ config, inbox, log });
    undoing.add(inbound.stop);
    const auth = createAuth({
      keysFolder: keysFolder(config.dataDir),
      use: 'given',
      clock: { now: () => new Date() },
    });
    if (config.notices === 'webhook') await auth.jwks();
    const server = await servePart({
      ...{ config, log },
      metrics: createMetrics({ service: 'adapter' }),
      health: () => ledger.health(),
      routes:
        config.notices === 'webhook'
          ? { [WEBHOOK]: noticeWebhook({ auth, inbox, bucket: config.buckets.inbox }) }
          : {},
    });
    undoing.add(() => server.close({ graceMs: DRAIN_MS }));
    return { port: server.port, stop: () => undoing.run(log) };
  } catch (error) {
    await undoing.run(log);
    throw error;
  }
};
