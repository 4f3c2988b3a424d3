import { setTimeout } from 'node:timers/promises';
import { createAuth, createUrlSigner } from '#shared/auth';
import type { Config } from '#shared/config';
import type { Pool } from '#shared/database';
import { createPeopleErasure } from '#shared/erasure';
import type { Application } from '#shared/http';
import type { Inbox } from '#shared/inbox';
import { createLedgerRetention, createOperations, type Ledger } from '#shared/ledger';
import { createOutbound } from '#shared/outbound';
import { createPushKey } from '#shared/push';
import { createMovingRuns, createRealtime, createTickets } from '#shared/realtime';
import { createRetention } from '#shared/retention';
import { createFliteSpeech } from '#shared/speech';
import type { ObjectStore } from '#shared/storage';
import type { Log, Metrics, Tracing } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import { createIngress } from '../functions/ingress/index.ts';
import { openCommands } from './open-commands.ts';
import { version } from './version.ts';

/** The ingress with what this machine offers it; `close` it when its server is. */
export async function openIngress(options: {
  config: Config;
  ledger: Ledger;
  topology: Topology;
  artifacts: ObjectStore;
  inbox: Inbox;
  pool: Pool;
  /** Of the database itself, past any pooler. */
  directUrl: string;
  wake: (lanes: readonly string[]) => void;
  keys: Pick<Parameters<typeof createAuth>[0], 'keysFolder' | 'use'>;
  log: Log;
  metrics: Metrics;
  tracing: Tracing;
}): Promise<Application & { close(): Promise<void> }> {
  const { config, ledger, topology, artifacts, inbox, pool, directUrl } = options;
  const { wake, keys, log, metrics, tracing } = options;
  const clock = { now: () => new Date() };
  const speech = createFliteSpeech();
  const retention = createLedgerRetention({ pool });
  const retained = createRetention({
    ledger: retention,
    people: createPeopleErasure({ pool }),
    store: artifacts,
    clock,
  });

  /** The request stands in the ledger: what is interrupted goes on with the next start, or with `expire-runs`. */
  function erase(account: string): void {
    eraseAll(account).catch((error: unknown) => log.error({ error }, 'an erasure was interrupted'));
  }
  async function eraseAll(account: string): Promise<void> {
    await inbox.erase({ account });
    for (;;) {
      const { moved, finished } = await retained.erase({ account, limit: 20 });
      if (finished) return;
      // Work that is just being cancelled.
      if (!moved) await setTimeout(1_000, undefined, { ref: false });
    }
  }
  const goOn = async (): Promise<void> => {
    for (const { account, finishedAt } of await retention.listErasures())
      if (finishedAt === undefined) erase(account);
  };
  const pushKey = createPushKey({ ...keys, clock });
  // Made with the first start, beside the others; where keys are given without it, nobody subscribes.
  await pushKey.publicKey().catch((error: unknown) => log.warn({ error }, 'there is no key for pushes'));
  // A ledger that is away keeps nobody from starting.
  await goOn().catch((error: unknown) => log.warn({ error }, 'erasures go on later'));

  const outbound = createOutbound({ allow: config.outboundAllow });
  const realtime = createRealtime({ pool, url: directUrl, log, clock });
  const ingress = createIngress({
    ledger,
    topology,
    artifacts,
    inbox,
    ...(config.objects === 's3' ? { inboxBucket: config.buckets.inbox } : {}),
    operations: createOperations({ pool, source: topology.source, wake }),
    realtime: { realtime, tickets: createTickets({ pool }), moving: createMovingRuns({ pool }) },
    people: openCommands({ pool, topology, wake, clock, log, tracing, outbound }),
    async erase(request) {
      const asked = await retention.requestErasure(request);
      erase(request.account);
      return asked;
    },
    auth: createAuth({ ...keys, clock }),
    signer: createUrlSigner({ ...keys, clock }),
    pushKey,
    publicUrl: config.givenPublicUrl,
    appUrl: config.appUrl,
    limits: { ratePerMinute: config.rateLimit, trustProxy: config.trustProxy },
    log,
    clock,
    version,
    metrics,
    tracing,
    speech,
  });
  return { ...ingress, close: () => realtime.close() };
}
