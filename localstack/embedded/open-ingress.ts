import { setTimeout } from 'node:timers/promises';
import { type Auth, createUrlSigner } from '#shared/auth';
import type { Config } from '#shared/config';
import type { Application } from '#shared/http';
import type { Inbox } from '#shared/inbox';
import type { Ledger, LedgerRetention, Operations } from '#shared/ledger';
import { createRetention } from '#shared/retention';
import { createFliteSpeech } from '#shared/speech';
import type { ObjectStore } from '#shared/storage';
import type { Log, Metrics, Tracing } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import { createIngress } from '../../functions/ingress/index.ts';
import { version } from '../cli/version.ts';

/** The ingress with what this machine offers it. */
export async function openIngress(options: {
  config: Config;
  ledger: Ledger;
  topology: Topology;
  artifacts: ObjectStore;
  inbox: Inbox;
  operations: Operations;
  retention: LedgerRetention;
  auth: Auth;
  keysFolder: string;
  log: Log;
  metrics: Metrics;
  tracing: Tracing;
}): Promise<Application> {
  const {
    config,
    ledger,
    topology,
    artifacts,
    inbox,
    operations,
    retention,
    auth,
    keysFolder,
    log,
    metrics,
    tracing,
  } = options;
  const clock = { now: () => new Date() };
  const speech = createFliteSpeech();
  const retained = createRetention({ ledger: retention, store: artifacts, clock });

  /** The request stands in the ledger: what is interrupted goes on with the next start, or with `expire-runs`. */
  function erase(account: string): void {
    eraseAll(account).catch((error: unknown) => log.error({ error }, 'an erasure was interrupted'));
  }
  async function eraseAll(account: string): Promise<void> {
    await inbox.erase({ account });
    for (;;) {
      const { runs, finished } = await retained.erase({ account, limit: 20 });
      if (finished) return;
      // Work that is just being cancelled.
      if (runs === 0) await setTimeout(1_000, undefined, { ref: false });
    }
  }
  for (const { account, finishedAt } of await retention.listErasures())
    if (finishedAt === undefined) erase(account);

  return createIngress({
    ledger,
    topology,
    artifacts,
    inbox,
    ...(config.objects === 's3' ? { inboxBucket: config.buckets.inbox } : {}),
    operations,
    async erase(request) {
      const asked = await retention.requestErasure(request);
      erase(request.account);
      return asked;
    },
    auth,
    signer: createUrlSigner({ keysFolder, clock }),
    limits: { ratePerMinute: config.rateLimit, trustProxy: config.trustProxy },
    log,
    clock,
    version,
    metrics,
    tracing,
    speech,
  });
}
